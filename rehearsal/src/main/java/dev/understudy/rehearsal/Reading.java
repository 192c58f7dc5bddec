package dev.understudy.rehearsal;

/** How far the reading of a request has come. */
sealed interface Reading {

    /** More bytes are needed. */
    record Incomplete() implements Reading {}

    /** The caller waits for a {@code 100 Continue} before it sends the body. Reported once for each request. */
    record AwaitsContinue() implements Reading {}

    /** A whole request. */
    record Complete(HttpRequest request) implements Reading {}

    /**
     * What came is no request that can be answered; the connection cannot be read any further.
     *
     * @param status the HTTP status that says why
     * @param reason a sentence for the caller
     */
    record Rejected(int status, String reason) implements Reading {}
}
