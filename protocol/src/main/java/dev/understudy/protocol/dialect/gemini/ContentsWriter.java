package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ToolArguments;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the conversation.
 *
 * <p>Function responses are matched with calls by name and order, so they are written in the order of the calls. Ids
 * are not written, because Vertex AI does not accept them.
 */
final class ContentsWriter {
    private final ModelTraits traits;
    private final RequestWriter.Warnings warnings;

    /** The functions called in the previous turn, by id and in order. */
    private Map<String, String> calls = Map.of();

    ContentsWriter(ModelTraits traits, RequestWriter.Warnings warnings) {
        this.traits = traits;
        this.warnings = warnings;
    }

    /** @param turns in the order of {@link dev.understudy.protocol.neutral.Conversation} */
    List<JsonOut.Content> contents(List<Turn> turns) throws UntranslatableRequest {
        List<JsonOut.Content> contents = new ArrayList<>();
        for (Turn turn : turns) {
            List<JsonOut.Content> parts = turn.role() == Role.ASSISTANT ? ofModel(turn.parts()) : ofUser(turn.parts());
            if (!parts.isEmpty()) {
                contents.add(content(turn.role() == Role.ASSISTANT ? "model" : "user", parts));
            }
        }
        return contents;
    }

    private static JsonOut.Content content(String role, List<JsonOut.Content> parts) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("role", role);
            json.writeArrayFieldStart("parts");
            for (JsonOut.Content part : parts) {
                json.writeStartObject();
                part.writeTo(json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        };
    }

    private List<JsonOut.Content> ofModel(List<Part> parts) throws UntranslatableRequest {
        List<JsonOut.Content> written = new ArrayList<>();
        calls = new LinkedHashMap<>();
        for (Part part : parts) {
            if (part instanceof Part.ToolCall call) {
                boolean first = calls.isEmpty();
                calls.put(call.id(), call.name());
                String signature = call.signature().isEmpty() && first && !traits.has(ModelTraits.Flag.UNSIGNED_CALLS)
                        ? Signatures.SKIP_VALIDATION
                        : call.signature();
                written.add(json -> PartWriter.call(json, "", call.name(), call.arguments(), signature));
            } else {
                part(part, written);
            }
        }
        return written;
    }

    private List<JsonOut.Content> ofUser(List<Part> parts) throws UntranslatableRequest {
        List<Part.ToolResult> results = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.ToolResult result) {
                results.add(result);
            }
        }
        Map<String, Integer> order = new HashMap<>();
        calls.keySet().forEach(id -> order.put(id, order.size()));
        results.sort(Comparator.comparingInt(result -> order.getOrDefault(result.id(), -1)));
        List<JsonOut.Content> written = new ArrayList<>();
        List<JsonOut.Content> beside = new ArrayList<>();
        for (Part.ToolResult result : results) {
            result(result, written, beside);
        }
        written.addAll(beside);
        for (Part part : parts) {
            if (!(part instanceof Part.ToolResult)) {
                part(part, written);
            }
        }
        return written;
    }

    private void part(Part part, List<JsonOut.Content> written) throws UntranslatableRequest {
        switch (part) {
            case Part.Text text -> text(text.text(), written);
            case Part.Refusal refusal -> text(refusal.text(), written);
            case Part.Media media -> written.add(media(media));
            case Part.Reasoning reasoning -> {
                boolean own = reasoning.origin().equals(GeminiDialect.NAME);
                if (own && !(reasoning.text().isEmpty() && reasoning.signature().isEmpty())) {
                    written.add(json -> PartWriter.reasoning(json, reasoning.text(), reasoning.signature()));
                }
            }
            case Part.Foreign foreign -> foreign(foreign, written);
            case Part.CachePoint point -> {}
            // Written by the callers of this method.
            case Part.ToolCall call -> {}
            case Part.ToolResult result -> {}
        }
    }

    private static void text(String text, List<JsonOut.Content> written) {
        if (!text.isEmpty()) {
            written.add(json -> json.writeStringField("text", text));
        }
    }

    private void foreign(Part.Foreign foreign, List<JsonOut.Content> written) {
        JsonNode tree = JsonTrees.of(foreign.json());
        if (foreign.dialect().equals(GeminiDialect.NAME) && tree.isObject()) {
            written.add(json -> {
                for (Map.Entry<String, JsonNode> member : tree.properties()) {
                    json.writeFieldName(member.getKey());
                    json.writeRawValue(member.getValue().toString());
                }
            });
        } else {
            warnings.say(
                    "messages", "a " + foreign.kind() + " was dropped; only " + foreign.dialect() + " supports it");
        }
    }

    private JsonOut.Content media(Part.Media media) throws UntranslatableRequest {
        return switch (media.source()) {
            case Source.Inline inline -> json -> PartWriter.inline(json, inline.mediaType(), inline.base64());
            case Source.Url url -> {
                boolean fetched = url.url().startsWith("https://")
                        || url.url().startsWith("http://")
                        || url.url().startsWith("gs://");
                if (!fetched) {
                    throw new UntranslatableRequest(
                            "messages", "Gemini fetches media from http, https and gs addresses only.");
                }
                yield json -> file(json, MediaTypes.ofUrl(url.url(), media.kind()), url.url());
            }
            case Source.Stored stored -> {
                if (!stored.dialect().equals(GeminiDialect.NAME)) {
                    throw new UntranslatableRequest(
                            "messages", "The file '" + stored.id() + "' was uploaded to another vendor's store.");
                }
                yield json -> file(json, stored.mediaType(), stored.id());
            }
        };
    }

    private static void file(JsonGenerator json, String mimeType, String uri) throws IOException {
        json.writeObjectFieldStart("fileData");
        if (!mimeType.isEmpty()) {
            json.writeStringField("mimeType", mimeType);
        }
        json.writeStringField("fileUri", uri);
        json.writeEndObject();
    }

    /** @param beside receives the parts that may not be inside a function response */
    private void result(Part.ToolResult result, List<JsonOut.Content> written, List<JsonOut.Content> beside)
            throws UntranslatableRequest {
        StringBuilder words = new StringBuilder();
        List<JsonOut.Content> inside = new ArrayList<>();
        for (Part part : result.content()) {
            if (part instanceof Part.Text text) {
                words.append(words.isEmpty() ? "" : "\n").append(text.text());
            } else if (part instanceof Part.Media media
                    && media.source() instanceof Source.Inline
                    && !traits.has(ModelTraits.Flag.NO_MEDIA_IN_RESULTS)) {
                inside.add(media(media));
            } else {
                part(part, beside);
            }
        }
        String name = calls.getOrDefault(result.id(), result.name());
        String response = response(words.toString(), result.failed());
        written.add(json -> {
            json.writeObjectFieldStart("functionResponse");
            json.writeStringField("name", name.isEmpty() ? "unknown" : name);
            json.writeFieldName("response");
            json.writeRawValue(response);
            if (!inside.isEmpty()) {
                json.writeArrayFieldStart("parts");
                for (JsonOut.Content part : inside) {
                    json.writeStartObject();
                    part.writeTo(json);
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        });
    }

    /** Gemini takes an object; a member {@code error} reports a failure. */
    private static String response(String words, boolean failed) {
        if (!failed && words.stripLeading().startsWith("{")) {
            JsonNode tree = JsonTrees.of(words);
            if (tree.isObject()) {
                return tree.toString();
            }
        }
        return JsonOut.text(json -> {
            json.writeStartObject();
            json.writeStringField(failed ? "error" : "result", words);
            json.writeEndObject();
        });
    }

    /**
     * Replaces the signature of a call that another vendor's model made.
     *
     * <p>Gemini 3 refuses a conversation in which the first call of a step has no signature. Google documents this text
     * for conversations that another model began: it skips the validation.
     *
     * @see <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">Gemini API: thought signatures</a>
     */
    static final class Signatures {
        /** In requests, where Google accepts the plain text. */
        static final String SKIP_VALIDATION = "skip_thought_signature_validator";

        /** In answers, in base64: clients decode a signature and send it back encoded. */
        static final String SKIP_VALIDATION_IN_BASE64 = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=";

        private Signatures() {}

        /** A caller's signature; empty if it is only the replacement, which means nothing to other vendors. */
        static String real(String signature) {
            return signature.equals(SKIP_VALIDATION) || signature.equals(SKIP_VALIDATION_IN_BASE64) ? "" : signature;
        }
    }

    /** Writes the members of parts that occur in requests and in answers. */
    static final class PartWriter {

        private PartWriter() {}

        /** @param id not written if empty */
        static void call(JsonGenerator json, String id, String name, String arguments, String signature)
                throws IOException {
            json.writeObjectFieldStart("functionCall");
            if (!id.isEmpty()) {
                json.writeStringField("id", id);
            }
            json.writeStringField("name", name);
            json.writeFieldName("args");
            // A model's arguments may be truncated or not JSON, or have line breaks, which end a line of a stream.
            json.writeRawValue(JsonTrees.of(ToolArguments.of(arguments).json()).toString());
            json.writeEndObject();
            signature(json, signature);
        }

        /** Reasoning. A signature without a text is written with an empty text, as Gemini itself does. */
        static void reasoning(JsonGenerator json, String text, String signature) throws IOException {
            json.writeStringField("text", text);
            if (!text.isEmpty()) {
                json.writeBooleanField("thought", true);
            }
            signature(json, signature);
        }

        static void inline(JsonGenerator json, String mimeType, String base64) throws IOException {
            json.writeObjectFieldStart("inlineData");
            json.writeStringField("mimeType", mimeType);
            json.writeStringField("data", base64);
            json.writeEndObject();
        }

        private static void signature(JsonGenerator json, String signature) throws IOException {
            if (!signature.isEmpty()) {
                json.writeStringField("thoughtSignature", signature);
            }
        }
    }
}
