package dev.understudy.protocol.translate;

import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.neutral.Turn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Translates a small call in each dialect at start-up: the classes that a translation needs are loaded at its first use, which
 * takes longer than an event loop may be blocked.
 */
public final class WarmUp {
    private WarmUp() {}

    /** Translates a small call there and back. Takes a second or less; not for an event loop. */
    public static void of(Dialect dialect) {
        RequestContext context = new RequestContext("{}".getBytes(StandardCharsets.UTF_8), true, 0);
        NeutralRequest request =
                new NeutralRequest.Builder(List.of(Turn.of(Turn.Role.USER, Part.Text.of("Hello")))).build();
        try {
            byte[] body = dialect.writeRequest(request, "any", ModelCapabilities.UNKNOWN)
                    .body();
            dialect.readRequest(body, false);
        } catch (UntranslatableRequest | BadRequest cannot) {
            // Then there is nothing to be loaded.
            return;
        }
        NeutralAnswer answer = new NeutralAnswer(
                "id",
                "any",
                OptionalLong.empty(),
                List.of(new NeutralAnswer.Choice(
                        0, List.of(Part.Text.of("Hello")), Finish.of(Finish.Reason.STOP, "stop"), "")),
                Tokens.of(1, 1),
                "");
        byte[] whole = dialect.writeAnswer(answer, context);
        DialectAnswer.written(dialect, AnswerRules.DEFAULT, dialect, "", context)
                .read(whole, 0, whole.length);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        StreamWriter writer = dialect.streamWriter(context, Optional.empty());
        writer.write(new StreamEvent.Begin("id", "any", OptionalLong.empty()), frames);
        writer.write(StreamEvent.TextDelta.of(0, "Hello"), frames);
        writer.write(new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "stop")), frames);
        writer.write(new StreamEvent.Done(), frames);
        new AnswerAsChat(dialect).streamed(frames.toByteArray());
    }
}
