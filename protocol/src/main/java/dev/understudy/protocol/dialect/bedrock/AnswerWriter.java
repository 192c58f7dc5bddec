package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ClaudeSignatures;
import dev.understudy.protocol.dialect.ToolArguments;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/** Writes a whole answer of Converse, which has one choice: the first. */
final class AnswerWriter {
    private AnswerWriter() {}

    static byte[] write(NeutralAnswer answer) {
        List<Part> parts = answer.choices().isEmpty()
                ? List.of()
                : answer.choices().getFirst().parts();
        Finish finish = answer.choices().isEmpty()
                ? Finish.of(Finish.Reason.OTHER, "")
                : answer.choices().getFirst().finish();
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("output");
            json.writeObjectFieldStart("message");
            json.writeStringField("role", "assistant");
            json.writeArrayFieldStart("content");
            for (Part part : parts) {
                write(json, part);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
            json.writeStringField("stopReason", FinishReasons.write(finish));
            UsageReader.write(json, answer.tokens());
            metrics(json);
            if (MediaFormats.TIERS.contains(answer.serviceTier())) {
                json.writeObjectFieldStart("serviceTier");
                json.writeStringField("type", answer.serviceTier());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    /** A member that clients require. It measures the time inside Bedrock, which is 0 here. */
    static void metrics(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("metrics");
        json.writeNumberField("latencyMs", 0);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Part part) throws IOException {
        switch (part) {
            case Part.Text text -> BlockWriter.text(json, text);
            case Part.Refusal refusal -> BlockWriter.text(json, Part.Text.of(refusal.text()));
            case Part.ToolCall call ->
                BlockWriter.toolUse(
                        json,
                        call.id(),
                        call.name(),
                        ToolArguments.of(call.arguments()).json());
            case Part.Reasoning reasoning -> BlockWriter.reasoning(json, reasoning);
            case Part.Media media -> {
                if (BlockWriter.isImage(media) && media.source() instanceof Part.Source.Inline inline) {
                    BlockWriter.image(json, inline);
                }
            }
            case Part.ToolResult result -> {
                // Results occur in requests only.
            }
            case Part.CachePoint point -> {
                // Cache points occur in requests only.
            }
            case Part.Foreign foreign -> {
                // Parts of other dialects are left out; Bedrock's own answers are passed through.
            }
        }
    }

    /** Writes the blocks that occur in requests and in answers. */
    static final class BlockWriter {
        private BlockWriter() {}

        static void text(JsonGenerator json, Part.Text text) throws IOException {
            json.writeStartObject();
            if (text.citations().isEmpty()) {
                json.writeStringField("text", text.text());
            } else {
                json.writeObjectFieldStart("citationsContent");
                json.writeArrayFieldStart("content");
                text(json, Part.Text.of(text.text()));
                json.writeEndArray();
                json.writeArrayFieldStart("citations");
                for (Part.Citation citation : text.citations()) {
                    AnswerReader.Citations.write(json, citation);
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        }

        /** @param input a JSON object */
        static void toolUse(JsonGenerator json, String id, String name, String input) throws IOException {
            json.writeStartObject();
            json.writeObjectFieldStart("toolUse");
            json.writeStringField("toolUseId", id);
            json.writeStringField("name", name);
            json.writeFieldName("input");
            json.writeRawValue(input);
            json.writeEndObject();
            json.writeEndObject();
        }

        /** The text is written for all vendors, signature and encrypted form only where Bedrock accepts them. */
        static void reasoning(JsonGenerator json, Part.Reasoning reasoning) throws IOException {
            boolean own = ClaudeSignatures.accepts(BedrockDialect.NAME, reasoning);
            if (!reasoning.text().isEmpty() || (own && !reasoning.signature().isEmpty())) {
                json.writeStartObject();
                json.writeObjectFieldStart("reasoningContent");
                json.writeObjectFieldStart("reasoningText");
                json.writeStringField("text", reasoning.text());
                if (own && !reasoning.signature().isEmpty()) {
                    json.writeStringField("signature", reasoning.signature());
                }
                json.writeEndObject();
                json.writeEndObject();
                json.writeEndObject();
            }
            if (reasoning.origin().equals(BedrockDialect.NAME)
                    && !reasoning.hidden().isEmpty()) {
                json.writeStartObject();
                json.writeObjectFieldStart("reasoningContent");
                json.writeStringField("redactedContent", reasoning.hidden());
                json.writeEndObject();
                json.writeEndObject();
            }
        }

        /** Whether it is an image in a format that Bedrock supports. */
        static boolean isImage(Part.Media media) {
            return media.kind() == Part.Media.Kind.IMAGE
                    && media.source() instanceof Part.Source.Inline inline
                    && MediaFormats.format(media.kind(), inline.mediaType()).isPresent();
        }

        static void image(JsonGenerator json, Part.Source.Inline inline) throws IOException {
            json.writeStartObject();
            json.writeObjectFieldStart("image");
            json.writeStringField("format", format(inline));
            json.writeObjectFieldStart("source");
            json.writeStringField("bytes", inline.base64());
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }

        static String format(Part.Source.Inline image) {
            return MediaFormats.format(Part.Media.Kind.IMAGE, image.mediaType()).orElse("png");
        }
    }
}
