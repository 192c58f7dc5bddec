package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ClaudeSignatures;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.eventstream.EventStreamText;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * Writes a stream of ConverseStream.
 *
 * <p>Blocks follow one another: clients assemble a tool's input by order, not by index. So one of several concurrent
 * tool calls is written as it arrives, and the others when it has ended ({@link WaitingCalls}). The end of the last
 * block, {@code messageStop} and {@code metadata} are written at the end of the stream. Only the first choice is
 * written.
 */
final class FrameWriter implements StreamWriter {

    /** The kind of the last block while it is open. */
    private enum Kind {
        NOTHING,
        TEXT,
        REASONING,
        /** Reasoning of an attempt that failed: it is ended before anything else. */
        BROKEN_REASONING,
        TOOL
    }

    private final WaitingCalls calls = new WaitingCalls();
    private boolean begun;
    private Kind open = Kind.NOTHING;
    private int count;
    private Finish finish = Finish.of(Finish.Reason.OTHER, "");
    private Tokens tokens = Tokens.NONE;

    FrameWriter(Optional<ResumePoint> resumePoint) {
        resumePoint.ifPresent(from -> {
            begun = from.position().begun();
            count = from.position().blocks();
            open = switch (from.position().open()) {
                case OpenParts.Block.TEXT -> Kind.TEXT;
                case OpenParts.Block.REASONING -> Kind.BROKEN_REASONING;
                case OpenParts.Block.NOTHING -> Kind.NOTHING;
                case OpenParts.Item item -> Kind.NOTHING;
            };
        });
    }

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        switch (event) {
            case StreamEvent.Begin begin -> begin(to);
            case StreamEvent.TextDelta delta -> text(delta.choice(), delta.text(), to);
            case StreamEvent.RefusalDelta delta -> text(delta.choice(), delta.text(), to);
            case StreamEvent.ReasoningDelta delta -> reasoning(delta, to);
            case StreamEvent.ReasoningSealed seal -> sealed(seal, to);
            case StreamEvent.ToolCallBegan call -> call(call, to);
            case StreamEvent.ToolCallDelta delta -> arguments(delta, to);
            case StreamEvent.MediaCame came -> media(came, to);
            case StreamEvent.Cited cited -> cited(cited, to);
            case StreamEvent.Ended ended -> finish = ended.choice() == 0 ? ended.finish() : finish;
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Done done -> done(to);
            case StreamEvent.ForeignCame foreign -> {
                // Parts of other dialects are left out.
            }
            case StreamEvent.Failed failed -> {
                // The caller of this writer decides how a failure is reported.
            }
            case StreamEvent.Ping ping -> {
                // Bedrock has no pings.
            }
        }
    }

    private void begin(ByteArrayOutputStream to) {
        if (!begun) {
            begun = true;
            EventStreamText.append(to, "messageStart", json -> {
                json.writeStartObject();
                json.writeStringField("role", "assistant");
                json.writeEndObject();
            });
        }
    }

    private void text(int choice, String text, ByteArrayOutputStream to) {
        if (choice == 0 && !text.isEmpty()) {
            enter(Kind.TEXT, to);
            delta(to, json -> json.writeStringField("text", text));
        }
    }

    private void reasoning(StreamEvent.ReasoningDelta delta, ByteArrayOutputStream to) {
        if (delta.choice() == 0 && !delta.text().isEmpty()) {
            enter(Kind.REASONING, to);
            reasoning(to, "text", delta.text());
        }
    }

    private void sealed(StreamEvent.ReasoningSealed seal, ByteArrayOutputStream to) {
        if (seal.choice() != 0) {
            return;
        }
        boolean own = seal.origin().equals(BedrockDialect.NAME);
        if (ClaudeSignatures.accepts(
                BedrockDialect.NAME, new Part.Reasoning("", seal.signature(), "", seal.origin()))) {
            enter(Kind.REASONING, to);
            reasoning(to, "signature", seal.signature());
        }
        if (open == Kind.REASONING) {
            close(to);
        }
        if (own && !seal.hidden().isEmpty()) {
            enter(Kind.REASONING, to);
            reasoning(to, "redactedContent", seal.hidden());
            close(to);
        }
    }

    private void reasoning(ByteArrayOutputStream to, String name, String value) {
        delta(to, json -> {
            json.writeObjectFieldStart("reasoningContent");
            json.writeStringField(name, value);
            json.writeEndObject();
        });
    }

    private void call(StreamEvent.ToolCallBegan call, ByteArrayOutputStream to) {
        if (call.choice() == 0 && calls.began(call, open == Kind.TOOL)) {
            beginCall(call, to);
        }
    }

    private void beginCall(StreamEvent.ToolCallBegan call, ByteArrayOutputStream to) {
        begin(to);
        close(to);
        open = Kind.TOOL;
        count++;
        block(to, "contentBlockStart", json -> {
            json.writeObjectFieldStart("start");
            json.writeObjectFieldStart("toolUse");
            json.writeStringField("toolUseId", call.id());
            json.writeStringField("name", call.name());
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private void arguments(StreamEvent.ToolCallDelta delta, ByteArrayOutputStream to) {
        if (delta.choice() == 0 && !delta.json().isEmpty() && calls.isOpen(delta.call(), delta.json())) {
            input(delta.json(), to);
        }
    }

    private void input(String piece, ByteArrayOutputStream to) {
        delta(to, json -> {
            json.writeObjectFieldStart("toolUse");
            json.writeStringField("input", piece);
            json.writeEndObject();
        });
    }

    private void cited(StreamEvent.Cited cited, ByteArrayOutputStream to) {
        if (cited.choice() == 0) {
            enter(Kind.TEXT, to);
            delta(to, json -> {
                json.writeFieldName("citation");
                AnswerReader.Citations.write(json, cited.citation());
            });
        }
    }

    private void media(StreamEvent.MediaCame came, ByteArrayOutputStream to) {
        if (came.choice() != 0
                || !AnswerWriter.BlockWriter.isImage(came.media())
                || !(came.media().source() instanceof Part.Source.Inline inline)) {
            return;
        }
        begin(to);
        close(to);
        count++;
        block(to, "contentBlockStart", json -> {
            json.writeObjectFieldStart("start");
            json.writeObjectFieldStart("image");
            json.writeStringField("format", AnswerWriter.BlockWriter.format(inline));
            json.writeEndObject();
            json.writeEndObject();
        });
        delta(to, json -> {
            json.writeObjectFieldStart("image");
            json.writeObjectFieldStart("source");
            json.writeStringField("bytes", inline.base64());
            json.writeEndObject();
            json.writeEndObject();
        });
        block(to, "contentBlockStop", json -> {});
    }

    /** Continues in a block of that kind; another kind of block is closed first. */
    private void enter(Kind kind, ByteArrayOutputStream to) {
        begin(to);
        if (open != kind) {
            close(to);
            open = kind;
            count++;
        }
    }

    /** Ends the open block. The calls that waited for the end of a call follow it. */
    private void close(ByteArrayOutputStream to) {
        if (open == Kind.NOTHING) {
            return;
        }
        boolean tool = open == Kind.TOOL;
        open = Kind.NOTHING;
        block(to, "contentBlockStop", json -> {});
        if (tool) {
            calls.each((call, arguments) -> {
                beginCall(call, to);
                if (!arguments.isEmpty()) {
                    input(arguments, to);
                }
                open = Kind.NOTHING;
                block(to, "contentBlockStop", json -> {});
            });
        }
    }

    private void done(ByteArrayOutputStream to) {
        begin(to);
        close(to);
        EventStreamText.append(to, "messageStop", json -> {
            json.writeStartObject();
            json.writeStringField("stopReason", FinishReasons.write(finish));
            json.writeEndObject();
        });
        EventStreamText.append(to, "metadata", json -> {
            json.writeStartObject();
            UsageReader.write(json, tokens);
            AnswerWriter.metrics(json);
            json.writeEndObject();
        });
    }

    private void delta(ByteArrayOutputStream to, JsonOut.Content content) {
        block(to, "contentBlockDelta", json -> {
            json.writeObjectFieldStart("delta");
            content.writeTo(json);
            json.writeEndObject();
        });
    }

    private void block(ByteArrayOutputStream to, String name, JsonOut.Content content) {
        int index = count - 1;
        EventStreamText.append(to, name, json -> members(json, index, content));
    }

    private static void members(JsonGenerator json, int index, JsonOut.Content content) throws IOException {
        json.writeStartObject();
        json.writeNumberField("contentBlockIndex", index);
        content.writeTo(json);
        json.writeEndObject();
    }

    @Override
    public StreamPosition position() {
        OpenParts.Block block = switch (open) {
            case TEXT -> OpenParts.Block.TEXT;
            case REASONING, BROKEN_REASONING -> OpenParts.Block.REASONING;
            case NOTHING, TOOL -> OpenParts.Block.NOTHING;
        };
        return new StreamPosition(begun, "", OptionalLong.empty(), count, block, -1);
    }

    /** Tool calls that began while another call was being written: they wait for its end. */
    static final class WaitingCalls {
        private final Map<Integer, Waiting> waiting = new LinkedHashMap<>();
        private int written = -1;

        private record Waiting(StreamEvent.ToolCallBegan call, StringBuilder arguments) {}

        /** Whether the call may be written as it arrives. */
        boolean began(StreamEvent.ToolCallBegan call, boolean anotherIsOpen) {
            if (anotherIsOpen) {
                waiting.putIfAbsent(call.call(), new Waiting(call, new StringBuilder()));
                return false;
            }
            written = call.call();
            return true;
        }

        /**
         * Whether the arguments belong to the call that is written as it arrives; those of a waiting call are buffered.
         */
        boolean isOpen(int call, String json) {
            Waiting its = waiting.get(call);
            if (its != null) {
                its.arguments().append(json);
            }
            return call == written;
        }

        /** Hands over the waiting calls with all of their arguments. */
        void each(BiConsumer<StreamEvent.ToolCallBegan, String> to) {
            written = -1;
            Map<Integer, Waiting> all = new LinkedHashMap<>(waiting);
            waiting.clear();
            all.values().forEach(its -> to.accept(its.call(), its.arguments().toString()));
        }
    }
}
