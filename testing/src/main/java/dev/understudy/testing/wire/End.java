package dev.understudy.testing.wire;

/** How an answer ended, seen from the caller's side. */
public enum End {
    /** The framing says that this was all. */
    COMPLETE,
    /** The connection was closed in order (FIN) before that. */
    CLOSED,
    /** The connection was broken off (RST) before that. */
    RESET,
    /** Nothing came for as long as the caller was willing to wait. */
    SILENT,
    /** Something kept coming for longer than the caller was willing to read. */
    ENDLESS,
    /** The framing was broken. */
    MALFORMED
}
