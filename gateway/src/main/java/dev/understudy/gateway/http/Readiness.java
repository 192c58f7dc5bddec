package dev.understudy.gateway.http;

/** What {@code /readyz} reports to supervisors and load balancers. Calls are accepted in every state. */
public enum Readiness {
    /** The first calls would be slow, because classes are still being loaded. */
    STARTING(503, "starting\n"),
    /** Calls are welcome. */
    READY(200, "ok\n"),
    /** The gateway is shutting down. */
    DRAINING(503, "draining\n");

    private final int status;
    private final String text;

    Readiness(int status, String text) {
        this.status = status;
        this.text = text;
    }

    int status() {
        return status;
    }

    String text() {
        return text;
    }
}
