package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.Asked;
import dev.understudy.protocol.dialect.Place;
import dev.understudy.protocol.dialect.Resume;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the chunks of a completion. */
final class FrameWriter implements StreamWriter {
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Asked asked;
    private final boolean resumes;
    private final BitSet begun = new BitSet();
    private final BitSet refused = new BitSet();
    private String id = "";
    private String model = "";
    private OptionalLong created = OptionalLong.empty();
    private Tokens tokens = Tokens.NONE;

    FrameWriter(Asked asked, Optional<Resume> resume) {
        this.asked = asked;
        this.resumes = resume.isPresent();
        resume.ifPresent(seen -> {
            id = seen.place().id();
            created = seen.place().created();
            begun.set(0);
        });
    }

    @Override
    public Place place() {
        return new Place(id, created, 0, "", -1);
    }

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        switch (event) {
            case StreamEvent.Begin begin -> begin(begin);
            case StreamEvent.TextDelta delta ->
                delta(delta.choice(), delta.logprobs(), json -> json.writeStringField("content", delta.text()), to);
            case StreamEvent.RefusalDelta delta -> {
                refused.set(index(delta.choice()));
                delta(delta.choice(), "", json -> json.writeStringField("refusal", delta.text()), to);
            }
            case StreamEvent.ThinkingDelta delta ->
                delta(delta.choice(), "", json -> json.writeStringField("reasoning_content", delta.text()), to);
            case StreamEvent.ThinkingSealed seal -> sealed(seal, to);
            case StreamEvent.ToolCallBegan call -> began(call, to);
            case StreamEvent.ToolCallDelta delta -> arguments(delta, to);
            case StreamEvent.MediaCame came ->
                delta(came.choice(), "", json -> MediaMembers.write(json, List.of(came.media())), to);
            case StreamEvent.Cited cited -> cited(cited, to);
            case StreamEvent.Ended ended -> ended(ended, to);
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Done done -> done(to);
            // What only another vendor has.
            case StreamEvent.ForeignCame came -> {}
            case StreamEvent.Failed failed -> {}
            case StreamEvent.Ping ping -> {}
        }
    }

    private void begin(StreamEvent.Begin begin) {
        model = begin.model();
        if (!resumes) {
            id = id.isEmpty() ? begin.id() : id;
            created = created.isPresent() ? created : begin.created();
        }
    }

    private void sealed(StreamEvent.ThinkingSealed seal, ByteArrayOutputStream to) {
        if (seal.signature().isEmpty() && seal.hidden().isEmpty()) {
            return;
        }
        delta(
                seal.choice(),
                "",
                json -> {
                    json.writeArrayFieldStart("thinking_blocks");
                    Thoughts.block(json, "", seal.signature(), seal.hidden(), seal.origin());
                    json.writeEndArray();
                },
                to);
    }

    private void began(StreamEvent.ToolCallBegan call, ByteArrayOutputStream to) {
        delta(
                call.choice(),
                "",
                json -> {
                    json.writeArrayFieldStart("tool_calls");
                    CallWriter.open(json, call.id(), call.name(), "", call.signature());
                    json.writeNumberField("index", call.call());
                    json.writeEndObject();
                    json.writeEndArray();
                },
                to);
    }

    private void arguments(StreamEvent.ToolCallDelta delta, ByteArrayOutputStream to) {
        delta(
                delta.choice(),
                "",
                json -> {
                    json.writeArrayFieldStart("tool_calls");
                    json.writeStartObject();
                    json.writeNumberField("index", delta.call());
                    json.writeObjectFieldStart("function");
                    json.writeStringField("arguments", delta.json());
                    json.writeEndObject();
                    json.writeEndObject();
                    json.writeEndArray();
                },
                to);
    }

    private void cited(StreamEvent.Cited cited, ByteArrayOutputStream to) {
        Part.Citation citation = cited.citation();
        if (!citation.url().isEmpty()) {
            delta(cited.choice(), "", json -> Annotations.write(json, List.of(citation)), to);
        }
    }

    private void delta(int choice, String logprobs, JsonOut.Content members, ByteArrayOutputStream to) {
        boolean first = !begun.get(index(choice));
        begun.set(index(choice));
        chunk(
                choice,
                json -> {
                    if (first) {
                        json.writeStringField("role", "assistant");
                    }
                    members.writeTo(json);
                },
                logprobs,
                Optional.empty(),
                to);
    }

    private void ended(StreamEvent.Ended ended, ByteArrayOutputStream to) {
        if (!begun.get(index(ended.choice()))) {
            delta(ended.choice(), "", json -> json.writeStringField("content", ""), to);
        }
        String reason = FinishWord.of(ended.finish(), refused.get(index(ended.choice())));
        chunk(ended.choice(), json -> {}, "", Optional.of(reason), to);
    }

    private void chunk(
            int choice, JsonOut.Content delta, String logprobs, Optional<String> finish, ByteArrayOutputStream to) {
        SseText.append(to, json -> {
            json.writeStartObject();
            head().writeTo(json);
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", choice);
            json.writeObjectFieldStart("delta");
            delta.writeTo(json);
            json.writeEndObject();
            if (!logprobs.isEmpty()) {
                json.writeFieldName("logprobs");
                json.writeRawValue(logprobs);
            }
            if (finish.isPresent()) {
                json.writeStringField("finish_reason", finish.get());
            } else {
                json.writeNullField("finish_reason");
            }
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private JsonOut.Content head() {
        id = AnswerIds.of(id, asked);
        created = OptionalLong.of(created.orElse(asked.now()));
        return json -> {
            json.writeStringField("id", id);
            json.writeStringField("object", "chat.completion.chunk");
            json.writeNumberField("created", created.orElse(asked.now()));
            json.writeStringField("model", model);
        };
    }

    /** The tokens come in a chunk of their own, to callers who asked for them. */
    private void done(ByteArrayOutputStream to) {
        if (asked.usageInStream() && tokens.total().isPresent()) {
            SseText.append(to, json -> {
                json.writeStartObject();
                head().writeTo(json);
                json.writeArrayFieldStart("choices");
                json.writeEndArray();
                UsageMembers.write(json, tokens);
                json.writeEndObject();
            });
        }
        to.writeBytes(DONE);
    }

    /** However many choices a broken provider counts, memory stays small. */
    private static int index(int choice) {
        return Math.clamp(choice, 0, 1_023);
    }
}
