package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/** Writes a whole answer as Converse does. There is one answer; of several the first is written. */
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
            json.writeStringField("stopReason", StopReasons.write(finish));
            UsageReading.write(json, answer.tokens());
            metrics(json);
            if (Dictionary.TIERS.contains(answer.serviceTier())) {
                json.writeObjectFieldStart("serviceTier");
                json.writeStringField("type", answer.serviceTier());
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    /** A member that clients count on. What it measures is the time inside of Bedrock, of which there was none. */
    static void metrics(JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("metrics");
        json.writeNumberField("latencyMs", 0);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Part part) throws IOException {
        switch (part) {
            case Part.Text text -> Blocks.text(json, text);
            case Part.Refusal refusal -> Blocks.text(json, Part.Text.of(refusal.text()));
            case Part.ToolCall call ->
                Blocks.toolUse(
                        json,
                        call.id(),
                        call.name(),
                        ToolInput.of(call.arguments()).json());
            case Part.Reasoning thinking -> Blocks.thinking(json, thinking);
            case Part.Media media -> {
                if (Blocks.isImage(media) && media.source() instanceof Part.Source.Inline inline) {
                    Blocks.image(json, inline);
                }
            }
            case Part.ToolResult result -> {
                // Results are the caller's, and stand in no answer.
            }
            case Part.CachePoint point -> {
                // Has a meaning in requests only.
            }
            case Part.Foreign foreign -> {
                // What only another dialect has; Bedrock's own answers are passed through as they are.
            }
        }
    }
}
