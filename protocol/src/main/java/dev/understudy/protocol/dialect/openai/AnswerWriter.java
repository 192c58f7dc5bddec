package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.Asked;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes a whole completion. */
final class AnswerWriter {
    private AnswerWriter() {}

    static byte[] write(NeutralAnswer answer, Asked asked) {
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("id", AnswerIds.of(answer.id(), asked));
            json.writeStringField("object", "chat.completion");
            json.writeNumberField("created", answer.created().orElse(asked.now()));
            json.writeStringField("model", answer.model());
            json.writeArrayFieldStart("choices");
            for (NeutralAnswer.Choice choice : answer.choices()) {
                choice(json, choice);
            }
            json.writeEndArray();
            UsageMembers.write(json, answer.tokens());
            if (!answer.serviceTier().isEmpty()) {
                json.writeStringField("service_tier", answer.serviceTier());
            }
            json.writeEndObject();
        });
    }

    private static void choice(JsonGenerator json, NeutralAnswer.Choice choice) throws IOException {
        boolean refused = choice.parts().stream().anyMatch(Part.Refusal.class::isInstance);
        json.writeStartObject();
        json.writeNumberField("index", choice.index());
        json.writeObjectFieldStart("message");
        json.writeStringField("role", "assistant");
        message(json, choice.parts());
        json.writeEndObject();
        json.writeFieldName("logprobs");
        json.writeRawValue(choice.logprobs().isEmpty() ? "null" : choice.logprobs());
        json.writeStringField("finish_reason", FinishWord.of(choice.finish(), refused));
        json.writeEndObject();
    }

    private static void message(JsonGenerator json, List<Part> parts) throws IOException {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        List<Part.ToolCall> calls = new ArrayList<>();
        List<Part.Thinking> thoughts = new ArrayList<>();
        List<Part.Media> media = new ArrayList<>();
        List<Part.Citation> citations = new ArrayList<>();
        for (Part part : parts) {
            switch (part) {
                case Part.Text words -> {
                    text.append(words.text());
                    citations.addAll(words.citations());
                }
                case Part.Refusal declined -> refusal.append(declined.text());
                case Part.ToolCall call -> calls.add(call);
                case Part.Thinking thinking -> thoughts.add(thinking);
                case Part.Media shown -> media.add(shown);
                case Part.Foreign foreign -> {}
                case Part.ToolResult result -> {}
                case Part.CachePoint point -> {}
            }
        }
        if (text.isEmpty() && (!calls.isEmpty() || !refusal.isEmpty() || !media.isEmpty())) {
            json.writeNullField("content");
        } else {
            json.writeStringField("content", text.toString());
        }
        if (refusal.isEmpty()) {
            json.writeNullField("refusal");
        } else {
            json.writeStringField("refusal", refusal.toString());
        }
        Thoughts.write(json, thoughts);
        calls(json, calls);
        MediaMembers.write(json, media);
        Annotations.write(json, citations);
    }

    private static void calls(JsonGenerator json, List<Part.ToolCall> calls) throws IOException {
        if (calls.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tool_calls");
        for (Part.ToolCall call : calls) {
            CallWriter.open(
                    json,
                    call.id(),
                    call.name(),
                    call.arguments().isBlank() ? "{}" : call.arguments(),
                    call.signature());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
