package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.ToolArguments;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes chunks of {@code streamGenerateContent}. Text is written as it arrives, a function call when it is complete,
 * because Gemini's clients take only whole calls. Finish reason and usage are in the last chunk.
 */
final class FrameWriter implements StreamWriter {
    private static final JsonOut.Content NO_TEXT = json -> json.writeStringField("text", "");

    private final GeminiDialect.StreamForm form;
    private final RequestContext context;
    private final Map<Integer, Choice> choices = new TreeMap<>();
    private boolean written;
    private String id = "";
    private String model = "";
    private OptionalLong created = OptionalLong.empty();
    private Tokens tokens = Tokens.NONE;

    FrameWriter(GeminiDialect.StreamForm form, RequestContext context, Optional<ResumePoint> resumePoint) {
        this.form = form;
        this.context = context;
        resumePoint.ifPresent(before -> {
            id = before.position().id();
            created = before.position().created();
            written = before.position().begun();
        });
    }

    /** What is buffered of one candidate. */
    private static final class Choice {
        final Map<Integer, CallParts> calls = new TreeMap<>();
        final List<Part.Citation> citations = new ArrayList<>();
        boolean called;
        Optional<Finish> finish = Optional.empty();
    }

    private record CallParts(StreamEvent.ToolCallBegan began, StringBuilder arguments) {}

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        switch (event) {
            case StreamEvent.Begin begin -> {
                id = id.isEmpty() ? begin.id() : id;
                model = model.isEmpty() ? begin.model() : model;
                created = created.isPresent() ? created : begin.created();
            }
            case StreamEvent.TextDelta delta -> part(delta.choice(), Part.Text.of(delta.text()), delta.logprobs(), to);
            case StreamEvent.RefusalDelta delta -> part(delta.choice(), Part.Text.of(delta.text()), "", to);
            case StreamEvent.ReasoningDelta delta ->
                part(delta.choice(), new Part.Reasoning(delta.text(), "", "", delta.origin()), "", to);
            case StreamEvent.ReasoningSealed sealed -> seal(sealed, to);
            case StreamEvent.ToolCallBegan call -> {
                choice(call.choice()).calls.putIfAbsent(call.call(), new CallParts(call, new StringBuilder()));
                if (form == GeminiDialect.StreamForm.ARRAY && !written) {
                    // If an error is written instead of the rest of the call, it continues an array, which must have
                    // begun.
                    chunk(call.choice(), NO_TEXT, "", to);
                }
            }
            case StreamEvent.ToolCallDelta delta ->
                Optional.ofNullable(choice(delta.choice()).calls.get(delta.call()))
                        .ifPresent(call -> call.arguments().append(delta.json()));
            case StreamEvent.MediaCame came -> part(came.choice(), came.media(), "", to);
            case StreamEvent.Cited cited -> choice(cited.choice()).citations.add(cited.citation());
            case StreamEvent.ForeignCame came -> part(came.choice(), came.foreign(), "", to);
            case StreamEvent.Ended ended -> {
                if (ended.finish().reason() == Finish.Reason.LENGTH) {
                    // Arguments that were cut off could only be presented as whole ones.
                    choice(ended.choice())
                            .calls
                            .values()
                            .removeIf(call -> ToolArguments.of(call.arguments().toString())
                                    .malformed());
                }
                flush(ended.choice(), to);
                choice(ended.choice()).finish = Optional.of(ended.finish());
            }
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Done done -> end(to);
            case StreamEvent.Failed failed -> {}
            case StreamEvent.Ping ping -> {}
        }
    }

    private Choice choice(int index) {
        return choices.computeIfAbsent(index, first -> new Choice());
    }

    private void part(int index, Part part, String logprobs, ByteArrayOutputStream to) {
        flush(index, to);
        AnswerWriter.ResponseWriter.part(part, false).ifPresent(content -> chunk(index, content, logprobs, to));
    }

    private void seal(StreamEvent.ReasoningSealed sealed, ByteArrayOutputStream to) {
        flush(sealed.choice(), to);
        if (sealed.origin().equals(GeminiDialect.NAME) && !sealed.signature().isEmpty()) {
            chunk(sealed.choice(), json -> ContentsWriter.PartWriter.reasoning(json, "", sealed.signature()), "", to);
        }
    }

    /** Writes the calls of a candidate that other content has completed. */
    private void flush(int index, ByteArrayOutputStream to) {
        Choice choice = choice(index);
        for (CallParts call : choice.calls.values()) {
            StreamEvent.ToolCallBegan began = call.began();
            Part whole =
                    new Part.ToolCall(began.id(), began.name(), call.arguments().toString(), began.signature());
            AnswerWriter.ResponseWriter.part(whole, !choice.called).ifPresent(content -> chunk(index, content, "", to));
            choice.called = true;
        }
        choice.calls.clear();
    }

    private void chunk(int index, JsonOut.Content part, String logprobs, ByteArrayOutputStream to) {
        choice(index);
        frame(to, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("candidates");
            json.writeStartObject();
            AnswerWriter.ResponseWriter.content(json, List.of(part));
            json.writeNumberField("index", index);
            AnswerWriter.LogprobsWriter.write(json, logprobs);
            json.writeEndObject();
            json.writeEndArray();
            AnswerWriter.ResponseWriter.head(json, id, model, created.orElse(context.now()));
            json.writeEndObject();
        });
    }

    private void end(ByteArrayOutputStream to) {
        List.copyOf(choices.keySet()).forEach(index -> flush(index, to));
        frame(to, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("candidates");
            for (Map.Entry<Integer, Choice> entry : choices.entrySet()) {
                Choice choice = entry.getValue();
                json.writeStartObject();
                AnswerWriter.ResponseWriter.content(json, List.of(NO_TEXT));
                if (choice.finish.isPresent()) {
                    json.writeStringField("finishReason", FinishReasons.written(choice.finish.get()));
                }
                json.writeNumberField("index", entry.getKey());
                AnswerWriter.ResponseWriter.grounding(json, choice.citations, "");
                json.writeEndObject();
            }
            json.writeEndArray();
            UsageReader.write(json, tokens);
            AnswerWriter.ResponseWriter.head(json, id, model, created.orElse(context.now()));
            json.writeEndObject();
        });
        if (form == GeminiDialect.StreamForm.ARRAY) {
            to.write(']');
        }
    }

    private void frame(ByteArrayOutputStream to, JsonOut.Content content) {
        // The id of the first frame is kept, even if the vendor sends one later.
        id = GeminiDialect.answerId(id, context);
        switch (form) {
            case EVENTS -> SseText.append(to, content);
            case ARRAY -> {
                to.writeBytes((written ? ",\n" : "[").getBytes(StandardCharsets.US_ASCII));
                JsonOut.append(to, content);
            }
        }
        written = true;
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(written, id, created);
    }
}
