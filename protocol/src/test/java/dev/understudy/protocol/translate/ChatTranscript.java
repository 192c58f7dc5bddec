package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Feeds a stream of Chat Completions that is passed through, and writes down what it tells. */
final class ChatTranscript implements AnswerListener {
    private static final Dialect CHAT = new OpenAiDialect();

    final List<String> said = new ArrayList<>();
    final ByteArrayOutputStream forwarded = new ByteArrayOutputStream();
    Optional<Failure> failure = Optional.empty();
    final DialectStream stream;

    ChatTranscript(AnswerRules rules, int limit) {
        stream = stream(rules, limit, StreamOptions.LIVE, this);
    }

    static DialectStream stream(AnswerRules rules, int limit, StreamOptions options, AnswerListener listener) {
        return new DialectStream(CHAT, rules, StreamOutput.verbatim(CHAT), options, limit, listener);
    }

    static ChatTranscript of(AnswerRules rules, String body) {
        ChatTranscript transcript = new ChatTranscript(rules, 1 << 20);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        transcript.stream.feed(bytes, 0, bytes.length);
        transcript.stream.end();
        return transcript;
    }

    static ChatTranscript of(String body) {
        return of(AnswerRules.DEFAULT, body);
    }

    /** A stream of these events' data. */
    static ChatTranscript ofData(AnswerRules rules, String... data) {
        return of(rules, sse(data));
    }

    static ChatTranscript ofData(String... data) {
        return ofData(AnswerRules.DEFAULT, data);
    }

    static String sse(String... data) {
        StringBuilder body = new StringBuilder();
        for (String one : data) {
            body.append("data: ").append(one).append("\n\n");
        }
        return body.toString();
    }

    static String delta(String members) {
        return "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{"
                + members + "},\"finish_reason\":null}]}";
    }

    static String text(String text) {
        return delta("\"content\":\"" + text + "\"");
    }

    static String finish(String reason) {
        return finish(0, reason);
    }

    static String finish(int index, String reason) {
        return "{\"choices\":[{\"index\":" + index + ",\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}";
    }

    @Override
    public void event(EventKind event, byte[] array, int offset, int length) {
        said.add(event.name());
        if (event != EventKind.IGNORED) {
            forwarded.write(array, offset, length);
        }
    }

    @Override
    public void failed(Failure why, byte[] array, int offset, int length) {
        if (failure.isPresent()) {
            throw new AssertionError("failed twice: " + failure.get() + " and " + why);
        }
        failure = Optional.of(why);
        said.add(why.kind().name() + (why.hasDeliverableAnswer() ? " (at hand)" : ""));
        forwarded.write(array, offset, length);
    }

    Failure theFailure() {
        return failure.orElseThrow(() -> new AssertionError("did not fail: " + said));
    }

    /** Whether the terminal mark was seen: the answer is complete, for good or for nothing. */
    boolean finished() {
        return said.contains("FINISH")
                || failure.filter(Failure::hasDeliverableAnswer).isPresent();
    }

    boolean lacksBlankLine() {
        return new String(stream.ending(), StandardCharsets.UTF_8).startsWith("\n\n");
    }
}
