package dev.understudy.protocol.neutral;

import java.util.List;

/** A part of a turn or of an answer. An absent text is empty, never null. */
public sealed interface Part {

    /**
     * A text.
     *
     * @param citations its sources
     */
    record Text(String text, List<Citation> citations) implements Part {
        public Text {
            citations = List.copyOf(citations);
        }

        public static Text of(String text) {
            return new Text(text, List.of());
        }
    }

    /**
     * An image, a document, a recording.
     *
     * @param name the file's name
     * @param detail the resolution for an image ({@code low}, {@code high}, {@code auto})
     */
    record Media(Kind kind, Source source, String name, String detail) implements Part {
        /** The kind, as far as it decides how media are sent. */
        public enum Kind {
            IMAGE,
            DOCUMENT,
            AUDIO,
            VIDEO
        }

        public static Media of(Kind kind, Source source) {
            return new Media(kind, source, "", "");
        }
    }

    /**
     * A tool call.
     *
     * @param id by which the result names it; empty where the dialect has none
     * @param arguments a JSON object as text, unchanged
     * @param signature Gemini's, to be sent back with the call; empty from other vendors
     */
    record ToolCall(String id, String name, String arguments, String signature) implements Part {
        public static ToolCall of(String id, String name, String arguments) {
            return new ToolCall(id, name, arguments, "");
        }
    }

    /**
     * The result of a tool call.
     *
     * @param id of the call
     * @param name of the tool; empty where the dialect does not repeat it
     * @param content texts and media
     * @param failed whether the tool reports an error
     */
    record ToolResult(String id, String name, List<Part> content, boolean failed) implements Part {
        public ToolResult {
            content = List.copyOf(content);
        }
    }

    /**
     * Reasoning of the model.
     *
     * @param text as far as it is visible
     * @param signature the vendor's, to be sent back with it
     * @param hidden the vendor's encrypted form, instead of the text or beside it
     * @param origin the dialect in which signature and encrypted form are valid
     */
    record Reasoning(String text, String signature, String hidden, String origin) implements Part {}

    /** The model refused, in a text for the user. */
    record Refusal(String text) implements Part {}

    /**
     * What precedes it is worth keeping in the provider's prompt cache. It changes the cost, not the answer.
     *
     * @param ttl for how long, such as {@code 1h}; empty for the default
     */
    record CachePoint(String ttl) implements Part {}

    /**
     * A part that only its own dialect has, such as a call of a tool that the vendor runs.
     *
     * @param dialect that has it
     * @param kind its type there
     * @param json the whole part, unchanged
     */
    record Foreign(String dialect, String kind, String json) implements Part {}

    /** The source of media. */
    sealed interface Source {

        /** A URL to be fetched. */
        record Url(String url) implements Source {}

        /** @param base64 the bytes, in the standard alphabet, with padding */
        record Inline(String mediaType, String base64) implements Source {}

        /** A file that was uploaded to the vendor of that dialect, under an id that only this vendor knows. */
        record Stored(String dialect, String id, String mediaType) implements Source {}
    }

    /**
     * The source of a text.
     *
     * @param url the page; empty if it is none
     * @param title of the page or document
     * @param quote the cited text
     * @param from the offset in the text of the first character that it covers, in UTF-16 units; -1 if unknown
     * @param to the offset after the last one; -1 if unknown
     * @param dialect of {@code json}
     * @param json the whole citation, unchanged
     */
    record Citation(String url, String title, String quote, int from, int to, String dialect, String json) {}
}
