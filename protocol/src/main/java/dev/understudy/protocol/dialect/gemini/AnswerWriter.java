package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a whole answer. */
final class AnswerWriter {

    private AnswerWriter() {}

    static byte[] write(NeutralAnswer answer, RequestContext context) {
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("candidates");
            for (NeutralAnswer.Choice choice : answer.choices()) {
                candidate(json, choice);
            }
            json.writeEndArray();
            UsageReader.write(json, answer.tokens());
            ResponseWriter.head(
                    json, answer.id(), answer.model(), answer.created().orElse(context.now()));
            json.writeEndObject();
        });
    }

    private static void candidate(JsonGenerator json, NeutralAnswer.Choice choice) throws IOException {
        List<JsonOut.Content> parts = new ArrayList<>();
        List<Part.Citation> citations = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (Part part : choice.parts()) {
            ResponseWriter.part(part, first).ifPresent(parts::add);
            first &= !(part instanceof Part.ToolCall);
            if (part instanceof Part.Text words) {
                for (Part.Citation citation : words.citations()) {
                    citations.add(behind(citation, text.length()));
                }
                text.append(words.text());
            }
        }
        json.writeStartObject();
        ResponseWriter.content(json, parts);
        json.writeStringField("finishReason", FinishReasons.written(choice.finish()));
        json.writeNumberField("index", choice.index());
        ResponseWriter.grounding(json, citations, text.toString());
        LogprobsWriter.write(json, choice.logprobs());
        json.writeEndObject();
    }

    /** Offsets in a citation count from the beginning of its text, Google's from the beginning of the answer. */
    private static Part.Citation behind(Part.Citation citation, int offset) {
        if (citation.from() < 0 || citation.to() < 0) {
            return citation;
        }
        return new Part.Citation(
                citation.url(),
                citation.title(),
                citation.quote(),
                citation.from() + offset,
                citation.to() + offset,
                citation.dialect(),
                citation.json());
    }

    /** Writes what whole answers and the chunks of streams have in common. */
    static final class ResponseWriter {
        /** The year 9999: Google's timestamps have no later one. */
        private static final long LATEST = 253_402_300_799L;

        private ResponseWriter() {}

        /**
         * The members of a part; empty if Gemini has no such part.
         *
         * @param first whether a tool call would be the first of the candidate, which must have a signature when it is
         *     sent back
         */
        static Optional<JsonOut.Content> part(Part part, boolean first) {
            return switch (part) {
                case Part.Text text -> text(text.text());
                case Part.Refusal refusal -> text(refusal.text());
                case Part.Reasoning reasoning ->
                    reasoning.text().isEmpty()
                            ? Optional.empty()
                            : Optional.of(json -> ContentsWriter.PartWriter.reasoning(
                                    json,
                                    reasoning.text(),
                                    reasoning.origin().equals(GeminiDialect.NAME) ? reasoning.signature() : ""));
                case Part.ToolCall call ->
                    Optional.of(json -> ContentsWriter.PartWriter.call(
                            json,
                            call.id(),
                            call.name(),
                            call.arguments(),
                            call.signature().isEmpty() && first
                                    ? ContentsWriter.Signatures.SKIP_VALIDATION_IN_BASE64
                                    : call.signature()));
                case Part.Media media -> media(media);
                case Part.Foreign foreign -> foreign(foreign);
                case Part.ToolResult result -> Optional.empty();
                case Part.CachePoint point -> Optional.empty();
            };
        }

        private static Optional<JsonOut.Content> text(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(json -> json.writeStringField("text", text));
        }

        private static Optional<JsonOut.Content> media(Part.Media media) {
            return switch (media.source()) {
                case Source.Inline inline ->
                    Optional.of(json -> ContentsWriter.PartWriter.inline(json, inline.mediaType(), inline.base64()));
                case Source.Url url ->
                    Optional.of(json -> {
                        json.writeObjectFieldStart("fileData");
                        json.writeStringField("mimeType", MediaTypes.ofUrl(url.url(), media.kind()));
                        json.writeStringField("fileUri", url.url());
                        json.writeEndObject();
                    });
                case Source.Stored stored -> Optional.empty();
            };
        }

        private static Optional<JsonOut.Content> foreign(Part.Foreign foreign) {
            JsonNode tree = foreign.dialect().equals(GeminiDialect.NAME)
                    ? JsonTrees.of(foreign.json())
                    : JsonTrees.emptyObject();
            return tree.isEmpty() || !tree.isObject()
                    ? Optional.empty()
                    : Optional.of(json -> {
                        for (Map.Entry<String, JsonNode> member : tree.properties()) {
                            json.writeFieldName(member.getKey());
                            json.writeRawValue(member.getValue().toString());
                        }
                    });
        }

        static void content(JsonGenerator json, List<JsonOut.Content> parts) throws IOException {
            json.writeObjectFieldStart("content");
            json.writeArrayFieldStart("parts");
            for (JsonOut.Content part : parts) {
                json.writeStartObject();
                part.writeTo(json);
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("role", "model");
            json.writeEndObject();
        }

        /** @param text the text in which the offsets of the citations are; Google counts bytes */
        static void grounding(JsonGenerator json, List<Part.Citation> citations, String text) throws IOException {
            if (citations.isEmpty()) {
                return;
            }
            Map<String, Integer> pages = new LinkedHashMap<>();
            json.writeObjectFieldStart("groundingMetadata");
            json.writeArrayFieldStart("groundingChunks");
            for (Part.Citation citation : citations) {
                if (pages.putIfAbsent(citation.url(), pages.size()) == null) {
                    json.writeStartObject();
                    json.writeObjectFieldStart("web");
                    json.writeStringField("uri", citation.url());
                    json.writeStringField("title", citation.title());
                    json.writeEndObject();
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            json.writeArrayFieldStart("groundingSupports");
            for (Part.Citation citation : citations) {
                support(json, citation, pages.getOrDefault(citation.url(), 0), text);
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        private static void support(JsonGenerator json, Part.Citation citation, int page, String text)
                throws IOException {
            boolean placed = citation.from() >= 0 && citation.from() <= citation.to() && citation.to() <= text.length();
            String backed = placed ? text.substring(citation.from(), citation.to()) : "";
            json.writeStartObject();
            json.writeObjectFieldStart("segment");
            if (placed) {
                int start = bytes(text.substring(0, citation.from()));
                json.writeNumberField("startIndex", start);
                json.writeNumberField("endIndex", start + bytes(backed));
            }
            json.writeStringField("text", backed.isEmpty() ? citation.quote() : backed);
            json.writeEndObject();
            json.writeArrayFieldStart("groundingChunkIndices");
            json.writeNumber(page);
            json.writeEndArray();
            json.writeEndObject();
        }

        private static int bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8).length;
        }

        /** The model's version, the time and the id. */
        static void head(JsonGenerator json, String id, String model, long created) throws IOException {
            if (!model.isEmpty()) {
                json.writeStringField("modelVersion", model);
            }
            json.writeStringField(
                    "createTime",
                    Instant.ofEpochSecond(Math.max(0, Math.min(LATEST, created)))
                            .toString());
            if (!id.isEmpty()) {
                json.writeStringField("responseId", id);
            }
        }
    }

    /** Writes {@code logprobsResult} from the neutral form, which is OpenAI's. */
    static final class LogprobsWriter {

        private LogprobsWriter() {}

        /**
         * @param logprobs {@code {"content":[{"token","logprob","top_logprobs"}]}}; nothing is written if it is empty
         */
        static void write(JsonGenerator json, String logprobs) throws IOException {
            JsonNode tokens = logprobs.isEmpty()
                    ? JsonTrees.emptyObject()
                    : JsonTrees.of(logprobs).path("content");
            if (!tokens.isArray() || tokens.isEmpty()) {
                return;
            }
            json.writeObjectFieldStart("logprobsResult");
            json.writeArrayFieldStart("topCandidates");
            for (JsonNode token : tokens) {
                json.writeStartObject();
                json.writeArrayFieldStart("candidates");
                for (JsonNode alternative : token.path("top_logprobs")) {
                    candidate(json, alternative);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("chosenCandidates");
            for (JsonNode token : tokens) {
                candidate(json, token);
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        private static void candidate(JsonGenerator json, JsonNode token) throws IOException {
            json.writeStartObject();
            json.writeStringField("token", token.path("token").asText(""));
            if (token.path("logprob").isNumber()) {
                json.writeFieldName("logProbability");
                json.writeRawValue(token.path("logprob").toString());
            }
            json.writeEndObject();
        }
    }
}
