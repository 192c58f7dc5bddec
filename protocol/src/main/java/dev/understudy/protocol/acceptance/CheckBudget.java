package dev.understudy.protocol.acceptance;

import java.time.Duration;

/**
 * What one check of an answer may cost. Schemas and patterns come from callers, and a schema of 400 bytes can require more
 * steps than a computer makes in a year, so a check counts its steps and ends with {@link CheckTooExpensive} when they or its
 * time are used up.
 *
 * <p>It also ends when its thread is interrupted: the call that wanted the check is over. For one thread.
 */
public final class CheckBudget {
    /** A schema with all the keywords of a large API, against an answer of 100,000 tokens, takes a tenth of this. */
    private static final long STEPS = 5_000_000;

    private static final Duration TIME = Duration.ofSeconds(5);

    /** A schema with 5,000 properties, OpenAI's limit, has 25,000 values. */
    private static final int SCHEMA_VALUES = 50_000;

    private static final int SCHEMA_BYTES = 1 << 20;

    /** Each value of a tree takes up to a hundred bytes. */
    private static final int ANSWER_VALUES = 500_000;

    /** An instruction of a compiled pattern takes about fifty bytes. */
    private static final int PATTERN_INSTRUCTIONS = 100_000;

    private static final int BETWEEN_LOOKS_AT_THE_CLOCK = 256;

    private final long endsAt;
    private long steps;
    private long nextLook;
    private int instructions;
    private boolean exhausted;

    private CheckBudget(long steps, Duration time) {
        this.steps = steps;
        this.nextLook = steps - BETWEEN_LOOKS_AT_THE_CLOCK;
        this.endsAt = System.nanoTime() + time.toNanos();
    }

    /** The usual limits, beginning now: 5 million steps and five seconds. */
    public static CheckBudget beginning() {
        return new CheckBudget(STEPS, TIME);
    }

    /**
     * Counts steps. A step takes some ten to some hundred nanoseconds.
     *
     * @throws CheckTooExpensive if there are none left
     */
    void spend(long count) {
        steps -= count;
        if (steps <= 0) {
            throw exhausted();
        }
        if (steps <= nextLook) {
            nextLook = steps - BETWEEN_LOOKS_AT_THE_CLOCK;
            if (System.nanoTime() - endsAt >= 0 || Thread.currentThread().isInterrupted()) {
                throw exhausted();
            }
        }
    }

    /** Counts a pattern that was compiled. */
    void spendPattern(int programSize) {
        instructions += programSize;
        if (instructions > PATTERN_INSTRUCTIONS) {
            throw exhausted();
        }
        spend(programSize);
    }

    /** Refuses a schema that is too long to be read as a tree. */
    void admitSchema(int bytes) {
        if (bytes > SCHEMA_BYTES) {
            throw exhausted();
        }
    }

    /** Counts the values of a schema, before it is compiled. */
    void admitSchemaValues(int values) {
        if (values > SCHEMA_VALUES) {
            throw exhausted();
        }
        spend(values);
    }

    /** Refuses JSON of an answer, or of a request's tools, with too many values for a tree. */
    void admitTree(CharSequence json) {
        int values = 0;
        for (int i = 0; i < json.length(); i++) {
            values += begins(json.charAt(i));
        }
        admitTreeValues(values);
    }

    /** The same, of UTF-8 bytes. */
    void admitTree(byte[] json) {
        int values = 0;
        for (byte each : json) {
            values += begins((char) each);
        }
        admitTreeValues(values);
    }

    private static int begins(char c) {
        return c == ',' || c == '{' || c == '[' ? 1 : 0;
    }

    private void admitTreeValues(int values) {
        if (values > ANSWER_VALUES) {
            throw exhausted();
        }
    }

    /** Whether it is used up. Libraries wrap the exception that says so in exceptions of their own. */
    boolean isExhausted() {
        return exhausted;
    }

    private CheckTooExpensive exhausted() {
        exhausted = true;
        // Whatever a library makes of the exception, the next step throws it again.
        steps = 0;
        return new CheckTooExpensive();
    }

    /** A text whose characters are counted as they are read: patterns take a time in proportion to them. */
    CharSequence metered(CharSequence text) {
        return new Metered(text);
    }

    private final class Metered implements CharSequence {
        private final CharSequence text;

        Metered(CharSequence text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            spend(1);
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Metered(text.subSequence(start, end));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
