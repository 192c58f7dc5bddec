package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Kind;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Stage;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.TextTool;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.dialect.responses.PortableTools.CallerTool;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** An output item as it is written: whole, or growing in a stream. */
sealed interface Output {

    /** Its position in the output. */
    int index();

    String id();

    /** @param status {@code in_progress}, {@code completed} or {@code incomplete} */
    void write(JsonGenerator json, String status) throws IOException;

    /** A message of the assistant. */
    record Message(int index, String id, List<Content> content) implements Output {
        Message(int index, String id) {
            this(index, id, new ArrayList<>());
        }

        /** Begins another part. */
        Content add(boolean refusal) {
            Content part = new Content(content.size(), refusal);
            content.add(part);
            return part;
        }

        /**
         * Its state for a continuation.
         *
         * @param partOpen whether the last part has not ended
         */
        OpenParts.Item item(boolean partOpen) {
            List<OpenParts.ItemPart> parts = new ArrayList<>();
            for (Content part : content) {
                Stage open = part.textEnded ? Stage.TEXT_ENDED : Stage.OPEN;
                Stage stage = partOpen && part.index == content.size() - 1 ? open : Stage.ENDED;
                parts.add(new OpenParts.ItemPart(
                        Kind.OUTPUT_TEXT, true, part.text.length(), OpenParts.TextSoFar.NONE, stage));
            }
            return new OpenParts.Item(id, index, false, parts);
        }

        @Override
        public void write(JsonGenerator json, String status) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("type", "message");
            json.writeStringField("status", status);
            json.writeStringField("role", "assistant");
            json.writeArrayFieldStart("content");
            for (Content part : content) {
                part.write(json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** A part of a message. */
    final class Content {
        final int index;
        final boolean refusal;
        final StringBuilder text = new StringBuilder();
        final List<Part.Citation> citations = new ArrayList<>();
        final List<String> logprobs = new ArrayList<>();

        /** Whether an attempt that failed has ended its text, but not the part. */
        boolean textEnded;

        private Content(int index, boolean refusal) {
            this.index = index;
            this.refusal = refusal;
        }

        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            if (refusal) {
                json.writeStringField("type", "refusal");
                json.writeStringField("refusal", text.toString());
            } else {
                json.writeStringField("type", "output_text");
                json.writeStringField("text", text.toString());
                json.writeArrayFieldStart("annotations");
                for (Part.Citation citation : citations) {
                    Annotations.write(json, citation, text.length());
                }
                json.writeEndArray();
                logprobs(json);
            }
            json.writeEndObject();
        }

        void logprobs(JsonGenerator json) throws IOException {
            json.writeFieldName("logprobs");
            RawJson.write(json, "[" + String.join(",", logprobs) + "]");
        }
    }

    /**
     * A call of a function, or of another tool of the caller.
     *
     * @param arguments those of the function that the model called
     */
    record Call(int index, String id, String callId, CallerTool tool, StringBuilder arguments) implements Output {
        @Override
        public void write(JsonGenerator json, String status) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("type", tool.kind().callType());
            json.writeStringField("status", status);
            json.writeStringField("call_id", callId);
            switch (tool.kind()) {
                case FUNCTION -> json.writeStringField("arguments", arguments.toString());
                case CUSTOM -> json.writeStringField("input", input());
                case SEARCH -> {
                    json.writeStringField("execution", "client");
                    json.writeFieldName("arguments");
                    RawJson.write(json, search());
                }
            }
            if (tool.kind() != PortableTools.Kind.SEARCH) {
                if (!tool.namespace().isEmpty()) {
                    json.writeStringField("namespace", tool.namespace());
                }
                json.writeStringField("name", tool.name());
            }
            json.writeEndObject();
        }

        /** What a search is called with: an object, or a text if the model wrote something else. */
        private String search() {
            if (arguments.isEmpty()) {
                return "{}";
            }
            String written = arguments.toString();
            return JsonTrees.of(written).isObject()
                    ? written
                    : TextNode.valueOf(written).toString();
        }

        /** The input of a custom tool. */
        String input() {
            return arguments.isEmpty() ? "" : TextTool.inputIn(arguments.toString());
        }
    }

    /**
     * Reasoning.
     *
     * @param hidden OpenAI's encrypted form; empty from other vendors
     */
    record Reasoning(int index, String id, StringBuilder text, String hidden) implements Output {
        @Override
        public void write(JsonGenerator json, String status) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("type", "reasoning");
            json.writeArrayFieldStart("summary");
            if (!text.isEmpty()) {
                writePart(json);
            }
            json.writeEndArray();
            if (!hidden.isEmpty()) {
                json.writeStringField("encrypted_content", hidden);
            }
            json.writeEndObject();
        }

        /** Its state for a continuation. */
        OpenParts.Item item() {
            return new OpenParts.Item(
                    id,
                    index,
                    true,
                    List.of(new OpenParts.ItemPart(
                            Kind.SUMMARY_TEXT, true, text.length(), new OpenParts.TextSoFar(text), Stage.OPEN)));
        }

        void writePart(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("type", "summary_text");
            json.writeStringField("text", text.toString());
            json.writeEndObject();
        }
    }

    /** Reasoning of an attempt that failed, as far as it came. */
    record BrokenReasoning(int index, String id, List<OpenParts.ItemPart> parts) implements Output {

        /** Its state for a continuation. */
        OpenParts.Item item() {
            return new OpenParts.Item(id, index, true, parts);
        }

        List<OpenParts.ItemPart> of(Kind kind) {
            return parts.stream().filter(part -> part.kind() == kind).toList();
        }

        @Override
        public void write(JsonGenerator json, String status) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("type", "reasoning");
            json.writeStringField("status", "incomplete");
            json.writeArrayFieldStart("summary");
            for (OpenParts.ItemPart part : of(Kind.SUMMARY_TEXT)) {
                writePart(json, part);
            }
            json.writeEndArray();
            List<OpenParts.ItemPart> full = of(Kind.REASONING_TEXT);
            if (!full.isEmpty()) {
                json.writeArrayFieldStart("content");
                for (OpenParts.ItemPart part : full) {
                    writePart(json, part);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }

        static void writePart(JsonGenerator json, OpenParts.ItemPart part) throws IOException {
            json.writeStartObject();
            json.writeStringField("type", part.kind() == Kind.SUMMARY_TEXT ? "summary_text" : "reasoning_text");
            json.writeStringField("text", part.text().toString());
            json.writeEndObject();
        }
    }

    /** An image that the model generated; OpenAI's own come from a tool. */
    record Image(int index, String id, String base64) implements Output {
        @Override
        public void write(JsonGenerator json, String status) throws IOException {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("type", "image_generation_call");
            json.writeStringField("status", status);
            json.writeStringField("result", base64);
            json.writeEndObject();
        }
    }

    /** An item of OpenAI's own, unchanged. */
    record Own(int index, String id, String raw) implements Output {
        @Override
        public void write(JsonGenerator json, String status) throws IOException {
            RawJson.write(json, raw);
        }
    }

    /** Ids of answers and their items, in OpenAI's form; they contain the upstream id, so that logs can be matched. */
    static final class ItemIds {
        private static final String RESPONSE = "resp_";

        /** OpenAI accepts ids of up to 64 characters; prefix and number need room. */
        private static final int LONGEST = 48;

        private static final Pattern ENDS_IN_ITS_PLACE = Pattern.compile("[a-z]+_.+_[0-9]+");

        private ItemIds() {}

        /** An answer's id: unchanged if it is OpenAI's, otherwise with OpenAI's prefix. */
        static String response(String id, RequestContext context) {
            if (id.startsWith(RESPONSE)) {
                return id;
            }
            return RESPONSE
                    + (id.isEmpty()
                            ? Long.toHexString(context.now()) + ToolCallIds.hash(context.body(), 32)
                            : plain(id));
        }

        /**
         * An item's id.
         *
         * @param prefix such as {@code msg}
         * @param response the answer's id
         * @param index of the item in the output
         */
        static String item(String prefix, String response, int index) {
            String own = response.startsWith(RESPONSE) ? response.substring(RESPONSE.length()) : response;
            return prefix + "_" + plain(own) + "_" + index;
        }

        /** Whether {@link #item} made it, and not OpenAI. */
        static boolean isOurs(String item) {
            return ENDS_IN_ITS_PLACE.matcher(item).matches();
        }

        private static String plain(String id) {
            return id.length() <= LONGEST ? ToolCallIds.plain(id) : ToolCallIds.hash(id, 32);
        }
    }

    /** JSON of a caller or a vendor that is repeated unchanged. */
    static final class RawJson {

        private RawJson() {}

        /**
         * Writes it as a value in one line: bodies may be indented, and a line break would end the {@code data:} line
         * of an event. Between JSON's tokens all white space is equal, and inside strings there are no raw line breaks.
         */
        static void write(JsonGenerator json, String raw) throws IOException {
            json.writeRawValue(raw.replace('\n', ' ').replace('\r', ' '));
        }
    }
}
