package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes the events of a message: its begin, the blocks one after the other, and at the very end why it ended and what it
 * cost. Only the first choice is written, for Anthropic knows but one.
 */
final class FrameWriter implements StreamWriter {
    private final RequestContext context;
    private final BlockFrames blocks;
    private final CallFrames calls;
    private String id = "";
    private String model = "";
    private boolean started;
    private boolean refused;
    private Finish finish = Finish.of(Finish.Reason.STOP, "");
    private Tokens tokens = Tokens.NONE;

    FrameWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        this.context = context;
        blocks = new BlockFrames(resumePoint.map(ResumePoint::position).orElse(StreamPosition.START));
        calls = new CallFrames(blocks);
        resumePoint.ifPresent(seen -> {
            started = seen.position().begun();
            id = seen.position().id();
        });
    }

    @Override
    public StreamPosition position() {
        return new StreamPosition(started, id, OptionalLong.empty(), blocks.begun(), blocks.open(), -1);
    }

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        switch (event) {
            case StreamEvent.Begin begin -> {
                if (!started) {
                    id = begin.id();
                    model = begin.model();
                    start(to);
                }
            }
            case StreamEvent.TextDelta delta -> text(delta.choice(), delta.text(), to);
            case StreamEvent.RefusalDelta delta -> {
                refused |= delta.choice() == 0;
                text(delta.choice(), delta.text(), to);
            }
            case StreamEvent.ReasoningDelta delta -> {
                if (content(delta.choice(), to) && !delta.text().isEmpty()) {
                    blocks.thinking(delta.text(), to);
                }
            }
            case StreamEvent.ReasoningSealed seal -> {
                if (content(seal.choice(), to)) {
                    blocks.seal(seal, to);
                }
            }
            case StreamEvent.ToolCallBegan call -> {
                if (content(call.choice(), to)) {
                    calls.begin(call, id, to);
                }
            }
            case StreamEvent.ToolCallDelta delta -> {
                if (content(delta.choice(), to)) {
                    calls.arguments(delta.call(), delta.json(), to);
                }
            }
            case StreamEvent.Cited cited -> {
                if (content(cited.choice(), to) && cited.citation().dialect().equals(AnthropicDialect.NAME)) {
                    blocks.cited(cited.citation(), to);
                }
            }
            case StreamEvent.ForeignCame came -> {
                if (content(came.choice(), to) && came.foreign().dialect().equals(AnthropicDialect.NAME)) {
                    blocks.whole(came.foreign().json(), to);
                }
            }
            case StreamEvent.Ended ended -> finish = ended.choice() == 0 ? ended.finish() : finish;
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Done done -> end(to);
            case StreamEvent.MediaCame media -> {}
            case StreamEvent.Failed failed -> {}
            case StreamEvent.Ping ping -> {}
        }
    }

    private void text(int choice, String text, ByteArrayOutputStream to) {
        if (content(choice, to) && !text.isEmpty()) {
            blocks.text(text, to);
        }
    }

    /** Whether it is content of the one choice that is written; then the message has begun. */
    private boolean content(int choice, ByteArrayOutputStream to) {
        if (choice == 0) {
            start(to);
        }
        return choice == 0;
    }

    private void start(ByteArrayOutputStream to) {
        if (started) {
            return;
        }
        started = true;
        id = Wire.id(id, context);
        SseText.append(to, "message_start", this::messageStart);
    }

    private void messageStart(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "message_start");
        json.writeObjectFieldStart("message");
        json.writeStringField("id", id);
        json.writeStringField("type", "message");
        json.writeStringField("role", "assistant");
        json.writeStringField("model", model);
        json.writeArrayFieldStart("content");
        json.writeEndArray();
        json.writeNullField("stop_reason");
        json.writeNullField("stop_sequence");
        UsageCount.write(json, tokens, "");
        json.writeEndObject();
        json.writeEndObject();
    }

    private void end(ByteArrayOutputStream to) {
        start(to);
        calls.finish(to);
        blocks.close(to);
        JsonOut.Content delta = json -> {
            json.writeStartObject();
            json.writeStringField("type", "message_delta");
            json.writeObjectFieldStart("delta");
            AnswerWriter.end(json, finish, calls.any(), refused);
            json.writeEndObject();
            UsageCount.write(json, tokens, "");
            json.writeEndObject();
        };
        SseText.append(to, "message_delta", delta);
        SseText.append(to, "message_stop", json -> {
            json.writeStartObject();
            json.writeStringField("type", "message_stop");
            json.writeEndObject();
        });
    }
}
