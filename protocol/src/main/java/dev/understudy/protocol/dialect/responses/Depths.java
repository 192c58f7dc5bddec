package dev.understudy.protocol.dialect.responses;

/** How deep objects and arrays may lie in each other in what a vendor sends. */
final class Depths {
    /** Answers repeat the request's tools with their schemas. */
    static final int DEEPEST = 512;

    private Depths() {}
}
