package dev.understudy.protocol.dialect;

import java.util.List;

/**
 * What had begun and not ended where a stream broke off. The writer of its continuation adds to an open text, and ends
 * open reasoning before anything else: nobody can continue another model's reasoning.
 */
public sealed interface OpenParts {

    /** For dialects whose blocks need no more than that to be ended; the block is the last one that has begun. */
    enum Block implements OpenParts {
        /** Nothing is open, or the dialect has nothing to end: the next content begins a block of its own. */
        NOTHING,
        TEXT,
        REASONING
    }

    /**
     * An item of output (Responses), whose end repeats all of it.
     *
     * @param id of the item
     * @param index its place in the output
     * @param reasoning whether it is reasoning; otherwise it is a message
     * @param parts those that have begun; only the last one may be open
     */
    record Item(String id, int index, boolean reasoning, List<ItemPart> parts) implements OpenParts {
        public Item {
            parts = List.copyOf(parts);
        }
    }

    /**
     * A part of an item.
     *
     * @param kind what it is
     * @param announced whether an event said that it begins, so that its end is due too
     * @param length how many characters its text has
     * @param text of reasoning; that of a message is the end of {@link ResumePoint#text()} and not repeated here
     * @param stage how far its end has come
     */
    record ItemPart(Kind kind, boolean announced, int length, TextSoFar text, Stage stage) {

        public enum Kind {
            OUTPUT_TEXT,
            SUMMARY_TEXT,
            REASONING_TEXT
        }

        public enum Stage {
            /** More of it may come. */
            OPEN,
            /** Its text has been ended, the part has not. */
            TEXT_ENDED,
            ENDED
        }
    }

    /**
     * The beginning of a text that may have grown since. It is made where a stream might break, which is often, and read
     * where one does, which is rare: so it copies nothing.
     */
    final class TextSoFar implements CharSequence {
        public static final TextSoFar NONE = new TextSoFar(new StringBuilder(0));

        private final StringBuilder growing;
        private final int length;

        /** @param growing only ever appended to */
        public TextSoFar(StringBuilder growing) {
            this.growing = growing;
            this.length = growing.length();
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public char charAt(int index) {
            return growing.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return toString().subSequence(start, end);
        }

        @Override
        public String toString() {
            return growing.substring(0, length);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof TextSoFar text && text.toString().contentEquals(this);
        }

        @Override
        public int hashCode() {
            return toString().hashCode();
        }
    }
}
