package dev.understudy.protocol.answer;

import dev.understudy.protocol.answer.AnswerListener.EventKind;

/** Reports pings, each as an event of its own that a listener may drop. */
public final class PingEvents {
    private PingEvents() {}

    /**
     * Tells the bytes of a block that is nothing but a sign of life. A line feed at its start may be the second half of the
     * line end before it, where the network cut a CRLF in two: it belongs to that event, and is told apart.
     */
    public static void tell(AnswerListener listener, byte[] array, int offset, int length) {
        int before = length > 0 && array[offset] == '\n' ? 1 : 0;
        if (before > 0) {
            listener.event(EventKind.NO_CONTENT, array, offset, before);
        }
        if (length > before || length == 0) {
            listener.event(EventKind.PING, array, offset + before, length - before);
        }
    }
}
