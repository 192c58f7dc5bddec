package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ClaudeSignatures;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes the events of a message: its start, the blocks one after the other, and at the end the finish reason and the
 * usage. Anthropic has one choice, so only the first is written.
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
                    blocks.reasoning(delta.text(), to);
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

    /** Whether the event belongs to the choice that is written; if so, the message is started. */
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
        id = AnthropicDialect.answerId(id, context);
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
        UsageReader.write(json, tokens, "");
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
            UsageReader.write(json, tokens, "");
            json.writeEndObject();
        };
        SseText.append(to, "message_delta", delta);
        SseText.append(to, "message_stop", json -> {
            json.writeStartObject();
            json.writeStringField("type", "message_stop");
            json.writeEndObject();
        });
    }

    /** Writes the blocks of a stream. At most one is open; content of another kind closes it. */
    static final class BlockFrames {
        private enum Kind {
            NONE,
            TEXT,
            REASONING,
            /** Reasoning of an attempt that failed: it is ended, without a signature, before anything else. */
            BROKEN_REASONING,
            CALL
        }

        private Kind open;
        private int begun;

        /** @param from what the caller has received */
        BlockFrames(StreamPosition from) {
            this.begun = from.blocks();
            this.open = begun == 0
                    ? Kind.NONE
                    : switch (from.open()) {
                        case OpenParts.Block.TEXT -> Kind.TEXT;
                        case OpenParts.Block.REASONING -> Kind.BROKEN_REASONING;
                        case OpenParts.Block.NOTHING -> Kind.NONE;
                        case OpenParts.Item item -> Kind.NONE;
                    };
        }

        OpenParts.Block open() {
            return switch (open) {
                case TEXT -> OpenParts.Block.TEXT;
                case REASONING, BROKEN_REASONING -> OpenParts.Block.REASONING;
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

        void reasoning(String text, ByteArrayOutputStream to) {
            openReasoning(to);
            delta("thinking_delta", "thinking", text, to);
        }

        /**
         * Ends the reasoning. Only Anthropic's own signatures are written: Anthropic refuses all others when they come
         * back.
         */
        void seal(StreamEvent.ReasoningSealed seal, ByteArrayOutputStream to) {
            boolean own = ClaudeSignatures.accepts(
                    AnthropicDialect.NAME, new Part.Reasoning("", seal.signature(), seal.hidden(), seal.origin()));
            if (own && !seal.signature().isEmpty()) {
                openReasoning(to);
                delta("signature_delta", "signature", seal.signature(), to);
            } else if (own && !seal.hidden().isEmpty()) {
                close(to);
                Part.Reasoning redacted = new Part.Reasoning("", "", seal.hidden(), AnthropicDialect.NAME);
                begin(Kind.REASONING, json -> AnswerWriter.BlockWriter.reasoning(json, redacted), to);
            }
            if (open == Kind.REASONING) {
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

        /** Starts a tool call. */
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

        /** More of the arguments of the open call. */
        void arguments(String piece, ByteArrayOutputStream to) {
            delta("input_json_delta", "partial_json", piece, to);
        }

        /** A block in one piece. */
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
                begin(Kind.TEXT, json -> AnswerWriter.BlockWriter.text(json, Part.Text.of("")), to);
            }
        }

        private void openReasoning(ByteArrayOutputStream to) {
            if (open != Kind.REASONING) {
                begin(
                        Kind.REASONING,
                        json -> AnswerWriter.BlockWriter.reasoning(
                                json, new Part.Reasoning("", "", "", AnthropicDialect.NAME)),
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

    /**
     * Writes tool calls. OpenAI may stream several at a time, Anthropic streams one: the first call is written as it
     * arrives, the others are buffered until the end of the message.
     */
    static final class CallFrames {
        private static final int NONE = -1;

        private final FrameWriter.BlockFrames blocks;
        private final Map<Integer, Waiting> waiting = new TreeMap<>();
        private int live = NONE;
        private boolean any;

        private record Waiting(String id, String name, StringBuilder arguments) {}

        CallFrames(FrameWriter.BlockFrames blocks) {
            this.blocks = blocks;
        }

        /** Whether there was a call. */
        boolean any() {
            return any;
        }

        /** @param message the id of the message, from which calls without an id get one */
        void begin(StreamEvent.ToolCallBegan call, String message, ByteArrayOutputStream to) {
            String id = AnthropicDialect.toolCallId(call.id(), message, call.call());
            if (call.call() == live) {
                return;
            }
            // Behind other content the calls before have ended, and this one keeps its place.
            if (any && (blocks.isCallOpen() || !waiting.isEmpty())) {
                waiting.putIfAbsent(call.call(), new Waiting(id, call.name(), new StringBuilder()));
            } else {
                any = true;
                live = call.call();
                blocks.call(id, call.name(), to);
            }
        }

        void arguments(int call, String piece, ByteArrayOutputStream to) {
            if (piece.isEmpty()) {
                return;
            }
            Waiting waits = waiting.get(call);
            if (waits != null) {
                waits.arguments().append(piece);
            } else if (call == live && blocks.isCallOpen()) {
                blocks.arguments(piece, to);
            }
        }

        /** Writes the buffered calls. */
        void finish(ByteArrayOutputStream to) {
            for (Waiting call : waiting.values()) {
                blocks.call(call.id(), call.name(), to);
                if (!call.arguments().isEmpty()) {
                    blocks.arguments(call.arguments().toString(), to);
                }
            }
            waiting.clear();
        }
    }
}
