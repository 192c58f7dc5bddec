package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes chunks of a chat completion.
 *
 * <p>The chunk with {@code finish_reason} goes out as soon as a choice has ended, since that is what clients wait for; the
 * tokens follow when all has been counted.
 */
final class FrameWriter implements StreamWriter {
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final RequestContext context;
    private final CustomTools customTools;
    private final Map<Integer, ChoiceState> choices = new HashMap<>();
    private String id = "";
    private String model = "";
    private OptionalLong created = OptionalLong.empty();
    private Tokens tokens = Tokens.NONE;

    /** What the caller has of a choice. */
    private static final class ChoiceState {
        private boolean begun;
        private boolean refused;
        private boolean called;
        private int length;
        // OpenAI's Python client joins the lists of deltas by this index, and fails without it.
        private int blocks;
        private int images;
        private int annotations;
        private int citedFrom;
        private int citedTo;
        private final StringBuilder reasoning = new StringBuilder(0);
        private final Map<Integer, Boolean> callsWithArguments = new HashMap<>();
        private final Map<Integer, CustomCall> customCalls = new TreeMap<>();
    }

    /** A call of a custom tool, whose input is written in one piece: only then is it known. */
    private record CustomCall(String id, String name, StringBuilder arguments) {}

    /** The members of a delta beside its role. */
    private interface Delta {
        void writeTo(JsonGenerator json) throws IOException;
    }

    FrameWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        this.context = context;
        this.customTools = CustomTools.of(context);
        resumePoint.ifPresent(before -> {
            id = before.position().id();
            created = before.position().created();
            ChoiceState first = choice(0);
            first.begun = before.position().begun();
            first.length = before.text().length();
            first.citedTo = first.length;
        });
    }

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        switch (event) {
            case StreamEvent.Begin begin -> {
                id = id.isEmpty() ? begin.id() : id;
                model = model.isEmpty() ? begin.model() : model;
                created = created.isPresent() ? created : begin.created();
            }
            case StreamEvent.TextDelta delta -> {
                chunk(to, delta.choice(), "", delta.logprobs(), json -> json.writeStringField("content", delta.text()));
                choice(delta.choice()).length += delta.text().length();
            }
            case StreamEvent.RefusalDelta delta -> {
                choice(delta.choice()).refused = true;
                chunk(to, delta.choice(), json -> json.writeStringField("refusal", delta.text()));
            }
            case StreamEvent.ReasoningDelta delta -> {
                choice(delta.choice()).reasoning.append(delta.text());
                chunk(to, delta.choice(), json -> json.writeStringField("reasoning_content", delta.text()));
            }
            case StreamEvent.ReasoningSealed seal -> sealed(seal, to);
            case StreamEvent.ToolCallBegan call -> began(call, to);
            case StreamEvent.ToolCallDelta delta -> arguments(delta.choice(), delta.call(), delta.json(), to);
            case StreamEvent.MediaCame came -> media(came, to);
            case StreamEvent.Cited cited -> cited(cited, to);
            case StreamEvent.ForeignCame came -> foreign(came, to);
            case StreamEvent.Ended ended -> ended(ended, to);
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Done done -> done(to);
            case StreamEvent.Failed failed -> {}
            case StreamEvent.Ping ping -> {}
        }
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(choice(0).begun, id, created);
    }

    private ChoiceState choice(int index) {
        return choices.computeIfAbsent(index, first -> new ChoiceState());
    }

    /** The block is whole, so that clients that keep single blocks and clients that join them get the same. */
    private void sealed(StreamEvent.ReasoningSealed seal, ByteArrayOutputStream to) {
        StringBuilder reasoning = choice(seal.choice()).reasoning;
        Part.Reasoning whole = new Part.Reasoning(reasoning.toString(), seal.signature(), seal.hidden(), seal.origin());
        reasoning.setLength(0);
        if (AnswerWriter.isSealed(whole)) {
            int index = choice(seal.choice()).blocks++;
            chunk(to, seal.choice(), json -> {
                json.writeArrayFieldStart("thinking_blocks");
                json.writeStartObject();
                json.writeNumberField("index", index);
                MessageJson.thinkingMembers(json, whole);
                json.writeEndObject();
                json.writeEndArray();
            });
        }
    }

    private void began(StreamEvent.ToolCallBegan call, ByteArrayOutputStream to) {
        choice(call.choice()).called = true;
        String name = MessageJson.callId(call.id(), id(), call.choice(), call.call());
        if (customTools.has(call.name())) {
            choice(call.choice())
                    .customCalls
                    .putIfAbsent(call.call(), new CustomCall(name, call.name(), new StringBuilder()));
            return;
        }
        choice(call.choice()).callsWithArguments.put(call.call(), false);
        chunk(to, call.choice(), json -> {
            json.writeArrayFieldStart("tool_calls");
            json.writeStartObject();
            json.writeNumberField("index", call.call());
            json.writeStringField("id", name);
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeStringField("arguments", "");
            json.writeEndObject();
            MessageJson.signature(json, call.signature());
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private void arguments(int choice, int call, String arguments, ByteArrayOutputStream to) {
        CustomCall custom = choice(choice).customCalls.get(call);
        if (custom != null) {
            custom.arguments().append(arguments);
            return;
        }
        choice(choice).callsWithArguments.put(call, true);
        chunk(to, choice, json -> {
            json.writeArrayFieldStart("tool_calls");
            json.writeStartObject();
            json.writeNumberField("index", call);
            json.writeObjectFieldStart("function");
            json.writeStringField("arguments", arguments);
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private void media(StreamEvent.MediaCame came, ByteArrayOutputStream to) {
        Part.Media media = came.media();
        if (MessageJson.isShown(media)) {
            int index = choice(came.choice()).images++;
            chunk(to, came.choice(), json -> {
                json.writeArrayFieldStart("images");
                json.writeStartObject();
                json.writeNumberField("index", index);
                MessageJson.imageMembers(json, media);
                json.writeEndObject();
                json.writeEndArray();
            });
        } else if (media.kind() == Part.Media.Kind.AUDIO && media.source() instanceof Part.Source.Inline inline) {
            chunk(to, came.choice(), json -> {
                json.writeObjectFieldStart("audio");
                if (!media.name().isEmpty()) {
                    json.writeStringField("id", media.name());
                }
                json.writeStringField("data", inline.base64());
                json.writeEndObject();
            });
        }
    }

    /** Several citations may support the same text. */
    private void cited(StreamEvent.Cited cited, ByteArrayOutputStream to) {
        Part.Citation citation = cited.citation();
        if (!Annotations.isPage(citation)) {
            return;
        }
        ChoiceState state = choice(cited.choice());
        if (state.length > state.citedTo) {
            state.citedFrom = state.citedTo;
            state.citedTo = state.length;
        }
        int from = citation.from() < 0 ? state.citedFrom : citation.from();
        int end = citation.to() < 0 ? state.citedTo : citation.to();
        int index = state.annotations++;
        chunk(to, cited.choice(), json -> {
            json.writeArrayFieldStart("annotations");
            json.writeStartObject();
            json.writeNumberField("index", index);
            Annotations.members(json, citation, from, end);
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private void foreign(StreamEvent.ForeignCame came, ByteArrayOutputStream to) {
        Part.Foreign foreign = came.foreign();
        if (foreign.dialect().equals(OpenAiDialect.NAME) && foreign.kind().equals("custom")) {
            choice(came.choice()).called = true;
            chunk(to, came.choice(), json -> {
                json.writeArrayFieldStart("tool_calls");
                json.writeRawValue(foreign.json());
                json.writeEndArray();
            });
        }
    }

    private void ended(StreamEvent.Ended ended, ByteArrayOutputStream to) {
        ChoiceState state = choice(ended.choice());
        // A call without arguments is one with an empty object; clients parse the text.
        state.callsWithArguments.forEach((call, has) -> {
            if (!has) {
                arguments(ended.choice(), call, "{}", to);
            }
        });
        state.customCalls.forEach((index, call) -> chunk(to, ended.choice(), json -> {
            json.writeArrayFieldStart("tool_calls");
            json.writeRawValue(
                    CustomTools.call(call.id(), call.name(), call.arguments().toString())
                            .put("index", index)
                            .toString());
            json.writeEndArray();
        }));
        state.customCalls.clear();
        if (!state.begun) {
            chunk(to, ended.choice(), json -> json.writeStringField("content", ""));
        }
        String reason = FinishReasons.of(ended.finish(), state.called, state.refused);
        chunk(to, ended.choice(), reason, "", json -> {});
    }

    private void done(ByteArrayOutputStream to) {
        if (context.usageInStream() && tokens.total().isPresent()) {
            SseText.append(to, json -> {
                head(json);
                json.writeArrayFieldStart("choices");
                json.writeEndArray();
                MessageJson.usage(json, tokens);
                json.writeEndObject();
            });
        }
        to.writeBytes(DONE);
    }

    private void chunk(ByteArrayOutputStream to, int choice, Delta delta) {
        chunk(to, choice, "", "", delta);
    }

    private void chunk(ByteArrayOutputStream to, int choice, String finish, String logprobs, Delta delta) {
        ChoiceState state = choice(choice);
        boolean first = !state.begun;
        state.begun = true;
        SseText.append(to, json -> {
            head(json);
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", choice);
            json.writeObjectFieldStart("delta");
            if (first) {
                json.writeStringField("role", "assistant");
            }
            delta.writeTo(json);
            json.writeEndObject();
            json.writeFieldName("logprobs");
            json.writeRawValue(logprobs.isEmpty() ? "null" : logprobs);
            if (finish.isEmpty()) {
                json.writeNullField("finish_reason");
            } else {
                json.writeStringField("finish_reason", finish);
            }
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void head(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", id());
        json.writeStringField("object", "chat.completion.chunk");
        created = OptionalLong.of(created.orElse(context.now()));
        json.writeNumberField("created", created.getAsLong());
        json.writeStringField("model", model);
    }

    private String id() {
        id = MessageJson.id(id, context);
        return id;
    }
}
