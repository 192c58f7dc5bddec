package dev.understudy.protocol.dialect;

import java.util.List;

/**
 * What was open where a stream failed. The writer of its continuation adds to an open text, and ends open reasoning
 * before anything else: no model can continue another model's reasoning.
 */
public sealed interface OpenParts {

    /** For dialects that can end a block knowing only its kind; it is the kind of the last block. */
    enum Block implements OpenParts {
        /** Nothing is open, or there is nothing to end: the next content begins a new block. */
        NOTHING,
        TEXT,
        REASONING
    }

    /**
     * An output item (Responses), whose end repeats it.
     *
     * @param id of the item
     * @param index its position in the output
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
     * @param kind its type
     * @param announced whether it has a start event and therefore needs an end event
     * @param length of its text, in UTF-16 units
     * @param text of reasoning; the text of a message is the end of {@link ResumePoint#text()} and not repeated here
     * @param stage how much of its end has been sent
     */
    record ItemPart(Kind kind, boolean announced, int length, TextSoFar text, Stage stage) {

        /** What a part consists of. */
        public enum Kind {
            OUTPUT_TEXT,
            SUMMARY_TEXT,
            REASONING_TEXT
        }

        /** How far a part has come. */
        public enum Stage {
            /** It is open. */
            OPEN,
            /** Its text has ended, the part has not. */
            TEXT_ENDED,
            ENDED
        }
    }

    /**
     * The beginning of a text that may have grown since. One is made wherever a stream might fail, which is often, and
     * read where one does, which is rare: so it copies nothing.
     */
    final class TextSoFar implements CharSequence {
        public static final TextSoFar NONE = new TextSoFar(new StringBuilder(0));

        private final StringBuilder growing;
        private final int length;

        /** @param growing is only ever appended to */
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
