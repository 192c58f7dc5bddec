package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ClaudeSignatures;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ToolArguments;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.List;

/**
 * Writes a whole answer. Anthropic has one choice, so only the first is written. Media and parts that only another
 * dialect has are left out.
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
        String id = AnthropicDialect.answerId(answer.id(), context);
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
        UsageReader.write(json, answer.tokens(), answer.serviceTier());
        json.writeEndObject();
    }

    /** Writes {@code stop_reason} and {@code stop_sequence}. */
    static void end(JsonGenerator json, Finish finish, boolean calls, boolean refused) throws IOException {
        json.writeStringField("stop_reason", FinishReasons.word(finish, calls, refused));
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
                    BlockWriter.text(json, text);
                }
            }
            case Part.Refusal refusal -> BlockWriter.text(json, Part.Text.of(refusal.text()));
            case Part.Reasoning reasoning -> reasoning(reasoning);
            case Part.ToolCall call -> {
                json.writeStartObject();
                json.writeStringField("type", "tool_use");
                json.writeStringField("id", AnthropicDialect.toolCallId(call.id(), id, calls++));
                json.writeStringField("name", call.name());
                json.writeFieldName("input");
                json.writeRawValue(ToolArguments.of(call.arguments()).json());
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

    /**
     * Reasoning of another vendor is shown without its signature: Anthropic refuses signatures that it did not make.
     */
    private void reasoning(Part.Reasoning reasoning) throws IOException {
        if (ClaudeSignatures.accepts(AnthropicDialect.NAME, reasoning)) {
            BlockWriter.reasoning(json, reasoning);
        } else if (!reasoning.text().isEmpty()) {
            BlockWriter.reasoning(json, new Part.Reasoning(reasoning.text(), "", "", AnthropicDialect.NAME));
        }
    }

    /** Writes the blocks that occur in requests and in answers. */
    static final class BlockWriter {

        private BlockWriter() {}

        static void text(JsonGenerator json, Part.Text text) throws IOException {
            json.writeStartObject();
            textMembers(json, text);
            json.writeEndObject();
        }

        static void textMembers(JsonGenerator json, Part.Text text) throws IOException {
            json.writeStringField("type", "text");
            json.writeStringField("text", text.text());
            List<Part.Citation> own = text.citations().stream()
                    .filter(citation -> citation.dialect().equals(AnthropicDialect.NAME))
                    .toList();
            if (!own.isEmpty()) {
                json.writeArrayFieldStart("citations");
                for (Part.Citation citation : own) {
                    json.writeRawValue(citation.json());
                }
                json.writeEndArray();
            }
        }

        static void reasoning(JsonGenerator json, Part.Reasoning reasoning) throws IOException {
            json.writeStartObject();
            if (isRedacted(reasoning)) {
                json.writeStringField("type", "redacted_thinking");
                json.writeStringField("data", reasoning.hidden());
            } else {
                json.writeStringField("type", "thinking");
                json.writeStringField("thinking", reasoning.text());
                json.writeStringField("signature", reasoning.signature());
            }
            json.writeEndObject();
        }

        private static boolean isRedacted(Part.Reasoning reasoning) {
            return reasoning.text().isEmpty()
                    && reasoning.signature().isEmpty()
                    && !reasoning.hidden().isEmpty();
        }
    }
}
