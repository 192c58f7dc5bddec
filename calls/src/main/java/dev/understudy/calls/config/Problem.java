package dev.understudy.calls.config;

/**
 * One fault of a configuration, for the person who corrects it.
 *
 * @param file the file as the operator named it, or what stands in its place ({@code environment}, {@code command line})
 * @param line from 1; 0 where lines mean nothing
 * @param path the key at fault, such as {@code models.assistant.targets[0]}; empty for the file as a whole
 * @param message what is wrong and what to do
 */
public record Problem(String file, int line, String path, String message) {
    /** {@code file:line: path: message}, as editors and terminals know it. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
