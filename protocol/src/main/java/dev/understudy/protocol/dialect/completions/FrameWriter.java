package dev.understudy.protocol.dialect.completions;

import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes a stream of completions, which has a place for text and for nothing else. */
final class FrameWriter implements StreamWriter {
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final RequestContext context;
    private boolean written;
    private String id = "";
    private String model = "";
    private OptionalLong created = OptionalLong.empty();
    private Tokens tokens = Tokens.NONE;

    FrameWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        this.context = context;
        resumePoint.ifPresent(before -> {
            id = before.position().id();
            created = before.position().created();
            written = before.position().begun();
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
            case StreamEvent.TextDelta delta -> chunk(to, delta.choice(), delta.text(), "");
            case StreamEvent.RefusalDelta delta -> chunk(to, delta.choice(), delta.text(), "");
            case StreamEvent.Ended ended -> chunk(to, ended.choice(), "", Completion.word(ended.finish()));
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Done done -> done(to);
            default -> {
                // A completion has nothing but text.
            }
        }
    }

    private void chunk(ByteArrayOutputStream to, int choice, String text, String finish) {
        written = true;
        SseText.append(to, json -> {
            json.writeStartObject();
            Completion.writeHead(json, id, created.orElse(context.now()), model);
            json.writeArrayFieldStart("choices");
            Completion.writeChoice(json, choice, text, finish);
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void done(ByteArrayOutputStream to) {
        if (context.usageInStream() && tokens.total().isPresent()) {
            SseText.append(to, json -> {
                json.writeStartObject();
                Completion.writeHead(json, id, created.orElse(context.now()), model);
                json.writeArrayFieldStart("choices");
                json.writeEndArray();
                Completion.writeUsage(json, tokens);
                json.writeEndObject();
            });
        }
        to.writeBytes(DONE);
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(written, id, created);
    }
}
