package dev.understudy.protocol.sse;

/** The {@code [DONE]} by which streams of OpenAI's APIs end. */
public final class DoneMark {
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private DoneMark() {}

    /** Whether an event's data is that mark; spaces around it do not matter. */
    public static boolean is(byte[] data, int offset, int length) {
        int from = offset;
        int to = offset + length;
        while (from < to && data[from] == ' ') {
            from++;
        }
        while (to > from && data[to - 1] == ' ') {
            to--;
        }
        if (to - from != DONE.length) {
            return false;
        }
        for (int i = 0; i < DONE.length; i++) {
            if (data[from + i] != DONE[i]) {
                return false;
            }
        }
        return true;
    }
}
