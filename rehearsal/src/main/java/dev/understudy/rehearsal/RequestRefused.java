package dev.understudy.rehearsal;

/** A request that cannot be read to its end; carries the answer to it. */
final class RequestRefused extends Exception {

    private final int status;
    private final String reason;

    RequestRefused(int status, String reason) {
        super(status + ": " + reason);
        this.status = status;
        this.reason = reason;
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
