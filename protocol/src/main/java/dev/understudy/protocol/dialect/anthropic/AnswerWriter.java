package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/**
 * Writes one whole answer: the first choice, for Anthropic knows but one. Images, and what only another vendor knows,
 * have no place in it.
 */
final class AnswerWriter {
    private final JsonGenerator json;
    private final String id;
    private int calls;

    private AnswerWriter(JsonGenerator json, String id) {
        this.json = json;
        this.id = id;
    }

    static byte[] write(NeutralAnswer answer, RequestContext context) {
        String id = Wire.id(answer.id(), context);
        return JsonOut.bytes(json -> new AnswerWriter(json, id).message(answer));
    }

    private void message(NeutralAnswer answer) throws IOException {
        List<Part> parts = answer.choices().isEmpty()
                ? List.of()
                : answer.choices().getFirst().parts();
        Finish finish = answer.choices().isEmpty()
                ? Finish.of(Finish.Reason.STOP, "")
                : answer.choices().getFirst().finish();
        json.writeStartObject();
        json.writeStringField("id", id);
        json.writeStringField("type", "message");
        json.writeStringField("role", "assistant");
        json.writeStringField("model", answer.model());
        json.writeArrayFieldStart("content");
        boolean refused = false;
        for (Part part : parts) {
            refused |= part instanceof Part.Refusal;
            block(part);
        }
        json.writeEndArray();
        end(json, finish, calls > 0, refused);
        UsageCount.write(json, answer.tokens(), answer.serviceTier());
        json.writeEndObject();
    }

    /** Writes {@code stop_reason} and {@code stop_sequence}. */
    static void end(JsonGenerator json, Finish finish, boolean calls, boolean refused) throws IOException {
        json.writeStringField("stop_reason", StopReason.word(finish, calls, refused));
        if (finish.stopSequence().isEmpty()) {
            json.writeNullField("stop_sequence");
        } else {
            json.writeStringField("stop_sequence", finish.stopSequence());
        }
    }

    private void block(Part part) throws IOException {
        switch (part) {
            case Part.Text text -> {
                if (!text.text().isEmpty() || !text.citations().isEmpty()) {
                    Blocks.text(json, text);
                }
            }
            case Part.Refusal refusal -> Blocks.text(json, Part.Text.of(refusal.text()));
            case Part.Reasoning thinking -> thinking(thinking);
            case Part.ToolCall call -> {
                json.writeStartObject();
                json.writeStringField("type", "tool_use");
                json.writeStringField("id", Wire.callId(call.id(), id, calls++));
                json.writeStringField("name", call.name());
                json.writeFieldName("input");
                json.writeRawValue(Wire.input(call.arguments()));
                json.writeEndObject();
            }
            case Part.Foreign foreign -> {
                if (foreign.dialect().equals(AnthropicDialect.NAME)) {
                    json.writeRawValue(foreign.json());
                }
            }
            case Part.Media media -> {}
            case Part.ToolResult result -> {}
            case Part.CachePoint point -> {}
        }
    }

    /** Another vendor's thoughts can be read, but not its seal: Anthropic would refuse to see that one come back. */
    private void thinking(Part.Reasoning thinking) throws IOException {
        boolean own = thinking.origin().equals(AnthropicDialect.NAME);
        if (own) {
            Blocks.thinking(json, thinking);
        } else if (!thinking.text().isEmpty()) {
            Blocks.thinking(json, new Part.Reasoning(thinking.text(), "", "", AnthropicDialect.NAME));
        }
    }
}
