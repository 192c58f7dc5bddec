package dev.understudy.gateway.imports;

/** What is to be imported is not what the command expects. */
public final class InvalidImport extends Exception {
    private static final long serialVersionUID = 1;

    /** @param message follows the file's name */
    InvalidImport(String message) {
        super(message);
    }
}
