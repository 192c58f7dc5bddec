package dev.understudy.protocol.recovery;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.translate.DialectStream;
import dev.understudy.protocol.translate.StreamOutput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Feeds a continuation's stream to {@link ContinuationChunks} and records what a caller receives of it. */
final class Joined implements AnswerListener {
    static final DeliveredPart FIRST =
            new DeliveredPart("first", OptionalLong.of(1_700_000_000), OptionalLong.of(100), 40);

    final List<String> said = new ArrayList<>();
    final List<String> events = new ArrayList<>();

    static Joined of(DeliveredPart first, Seam seam, String stream) {
        Joined result = new Joined();
        AnswerStream reader = stream(
                new ContinuationChunks(first, true, seam, (given, answer, choice, call) -> given, () -> "a;b", result));
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        reader.feed(bytes, 0, bytes.length);
        reader.end();
        return result;
    }

    /** A stream of Chat Completions that is passed through and keeps its text. */
    static AnswerStream stream(AnswerListener listener) {
        Dialect chat = new OpenAiDialect();
        return new DialectStream(
                chat,
                AnswerRules.DEFAULT,
                StreamOutput.verbatim(chat),
                new StreamOptions(true, false),
                1 << 20,
                listener);
    }

    /** A continuation of {@code sent} by way of a turn. */
    static Joined of(String sent, String... data) {
        return of(FIRST, new Seam(sent, ContinuationForm.TURN), sse(data));
    }

    static String sse(String... data) {
        StringBuilder body = new StringBuilder();
        for (String one : data) {
            body.append("data: ").append(one).append("\n\n");
        }
        return body.toString();
    }

    static String delta(String members) {
        return "{\"id\":\"second\",\"created\":1800000000,\"model\":\"m2\",\"choices\":[{\"index\":0,\"delta\":{"
                + members + "},\"finish_reason\":null}]}";
    }

    static String text(String text) {
        return delta("\"content\":\"" + text + "\"");
    }

    static String finish(String members) {
        return "{\"id\":\"second\",\"created\":1800000000,\"model\":\"m2\",\"choices\":[{\"index\":0,\"delta\":{"
                + members + "},\"finish_reason\":\"stop\"}]}";
    }

    @Override
    public void event(EventKind event, byte[] array, int offset, int length) {
        hear(event.name(), array, offset, length);
    }

    @Override
    public void failed(Failure failure, byte[] array, int offset, int length) {
        hear(failure.kind().name() + (failure.hasDeliverableAnswer() ? " (at hand)" : ""), array, offset, length);
    }

    private void hear(String what, byte[] array, int offset, int length) {
        String bytes = new String(array, offset, length, StandardCharsets.UTF_8);
        said.add(what + (bytes.isEmpty() ? " (nothing)" : ""));
        for (String event : bytes.split("(?<=\n\n)")) {
            if (!event.isEmpty()) {
                events.add(event);
            }
        }
    }

    /** All that the caller is sent. */
    String wire() {
        return String.join("", events);
    }
}
