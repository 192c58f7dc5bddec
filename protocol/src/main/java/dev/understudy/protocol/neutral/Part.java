package dev.understudy.protocol.neutral;

import java.util.List;

/** A piece of a turn or of an answer. Texts that are not there are empty, never null. */
public sealed interface Part {

    /**
     * Words.
     *
     * @param citations where they come from
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
     * @param detail how closely an image is to be looked at ({@code low}, {@code high}, {@code auto})
     */
    record Media(Kind kind, Source source, String name, String detail) implements Part {
        /** What it is, as far as that decides how it is sent. */
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
     * The model asks for a tool.
     *
     * @param id by which the result names it; empty where the dialect has none
     * @param arguments a JSON object as text, as it was spelled
     * @param signature what Gemini wants back with the call; empty from everybody else
     */
    record ToolCall(String id, String name, String arguments, String signature) implements Part {
        public static ToolCall of(String id, String name, String arguments) {
            return new ToolCall(id, name, arguments, "");
        }
    }

    /**
     * What a tool answered.
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
     * What the model thought.
     *
     * @param text in words, as far as it is shown
     * @param signature the seal that its vendor wants back with it
     * @param hidden the vendor's encrypted form, where there are no words or beside them
     * @param origin the dialect in which signature and hidden form mean something
     */
    record Reasoning(String text, String signature, String hidden, String origin) implements Part {}

    /** The model declined, in words meant for the user. */
    record Refusal(String text) implements Part {}

    /**
     * What came before it is worth keeping in the provider's prompt cache. It changes the cost, not the answer.
     *
     * @param ttl for how long, such as {@code 1h}; empty for the usual time
     */
    record CachePoint(String ttl) implements Part {}

    /**
     * Something that only its own dialect has, such as the call of a tool that the vendor runs itself.
     *
     * @param dialect whose it is
     * @param kind its type there
     * @param json the whole of it, as it came
     */
    record Foreign(String dialect, String kind, String json) implements Part {}

    /** Where media come from. */
    sealed interface Source {

        /** To be fetched from somewhere. */
        record Url(String url) implements Source {}

        /** @param base64 the bytes, in the usual alphabet, with padding */
        record Inline(String mediaType, String base64) implements Source {}

        /** Uploaded before to the vendor of that dialect, under an id that nobody else knows. */
        record Stored(String dialect, String id, String mediaType) implements Source {}
    }

    /**
     * Where words come from.
     *
     * @param url the page; empty if it is none
     * @param title of the page or document
     * @param quote the words there
     * @param from the offset in the text of the first character that it backs, in UTF-16 units; -1 if it is not said
     * @param to the offset after the last one; -1 if it is not said
     * @param dialect whose {@code json} it is
     * @param json the whole of it, as it came
     */
    record Citation(String url, String title, String quote, int from, int to, String dialect, String json) {}
}
