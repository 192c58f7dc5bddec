package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes the blocks of a stream, of which one at most is open; another kind of content closes it. */
final class BlockFrames {
    private enum Kind {
        NONE,
        TEXT,
        THINKING,
        /** Of an attempt that broke off: to be ended, without a signature, before anything else. */
        BROKEN_THINKING,
        CALL
    }

    private Kind open;
    private int begun;

    /** @param from what the caller has seen */
    BlockFrames(StreamPosition from) {
        this.begun = from.blocks();
        this.open = begun == 0
                ? Kind.NONE
                : switch (from.open()) {
                    case OpenParts.Block.TEXT -> Kind.TEXT;
                    case OpenParts.Block.REASONING -> Kind.BROKEN_THINKING;
                    case OpenParts.Block.NOTHING -> Kind.NONE;
                    case OpenParts.Item item -> Kind.NONE;
                };
    }

    OpenParts.Block open() {
        return switch (open) {
            case TEXT -> OpenParts.Block.TEXT;
            case THINKING, BROKEN_THINKING -> OpenParts.Block.REASONING;
            case NONE, CALL -> OpenParts.Block.NOTHING;
        };
    }

    int begun() {
        return begun;
    }

    boolean isCallOpen() {
        return open == Kind.CALL;
    }

    void text(String text, ByteArrayOutputStream to) {
        openText(to);
        delta("text_delta", "text", text, to);
    }

    void thinking(String text, ByteArrayOutputStream to) {
        openThinking(to);
        delta("thinking_delta", "thinking", text, to);
    }

    /** Ends the thoughts; another vendor's seal is not passed on, for Anthropic would refuse to see it come back. */
    void seal(StreamEvent.ReasoningSealed seal, ByteArrayOutputStream to) {
        boolean own = seal.origin().equals(AnthropicDialect.NAME);
        if (own && !seal.signature().isEmpty()) {
            openThinking(to);
            delta("signature_delta", "signature", seal.signature(), to);
        } else if (own && !seal.hidden().isEmpty()) {
            close(to);
            Part.Reasoning redacted = new Part.Reasoning("", "", seal.hidden(), AnthropicDialect.NAME);
            begin(Kind.THINKING, json -> Blocks.thinking(json, redacted), to);
        }
        if (open == Kind.THINKING) {
            close(to);
        }
    }

    void cited(Part.Citation citation, ByteArrayOutputStream to) {
        openText(to);
        delta(
                json -> {
                    json.writeStringField("type", "citations_delta");
                    json.writeFieldName("citation");
                    json.writeRawValue(citation.json());
                },
                to);
    }

    /** Begins the call of a tool. */
    void call(String id, String name, ByteArrayOutputStream to) {
        begin(
                Kind.CALL,
                json -> {
                    json.writeStartObject();
                    json.writeStringField("type", "tool_use");
                    json.writeStringField("id", id);
                    json.writeStringField("name", name);
                    json.writeObjectFieldStart("input");
                    json.writeEndObject();
                    json.writeEndObject();
                },
                to);
    }

    /** More of the arguments of the call that is open. */
    void arguments(String piece, ByteArrayOutputStream to) {
        delta("input_json_delta", "partial_json", piece, to);
    }

    /** A block that comes in one piece. */
    void whole(String block, ByteArrayOutputStream to) {
        begin(Kind.NONE, json -> json.writeRawValue(block), to);
        stop(to);
    }

    void close(ByteArrayOutputStream to) {
        if (open != Kind.NONE) {
            open = Kind.NONE;
            stop(to);
        }
    }

    private void openText(ByteArrayOutputStream to) {
        if (open != Kind.TEXT) {
            begin(Kind.TEXT, json -> Blocks.text(json, Part.Text.of("")), to);
        }
    }

    private void openThinking(ByteArrayOutputStream to) {
        if (open != Kind.THINKING) {
            begin(
                    Kind.THINKING,
                    json -> Blocks.thinking(json, new Part.Reasoning("", "", "", AnthropicDialect.NAME)),
                    to);
        }
    }

    private void begin(Kind kind, JsonOut.Content block, ByteArrayOutputStream to) {
        close(to);
        open = kind;
        begun++;
        event("content_block_start", to, json -> {
            json.writeFieldName("content_block");
            block.writeTo(json);
        });
    }

    private void delta(String type, String member, String text, ByteArrayOutputStream to) {
        delta(
                json -> {
                    json.writeStringField("type", type);
                    json.writeStringField(member, text);
                },
                to);
    }

    private void delta(JsonOut.Content members, ByteArrayOutputStream to) {
        event("content_block_delta", to, json -> {
            json.writeObjectFieldStart("delta");
            members.writeTo(json);
            json.writeEndObject();
        });
    }

    private void stop(ByteArrayOutputStream to) {
        event("content_block_stop", to, json -> {});
    }

    private void event(String type, ByteArrayOutputStream to, JsonOut.Content members) {
        SseText.append(to, type, json -> event(json, type, members));
    }

    private void event(JsonGenerator json, String type, JsonOut.Content members) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type);
        json.writeNumberField("index", begun - 1);
        members.writeTo(json);
        json.writeEndObject();
    }
}
