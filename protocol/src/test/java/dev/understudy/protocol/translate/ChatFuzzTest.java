package dev.understudy.protocol.translate;

import static dev.understudy.protocol.translate.ChatTranscript.delta;
import static dev.understudy.protocol.translate.ChatTranscript.finish;
import static dev.understudy.protocol.translate.ChatTranscript.sse;
import static dev.understudy.protocol.translate.ChatTranscript.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.answer.WholeAnswerResult.Accepted;
import dev.understudy.protocol.answer.WholeAnswerResult.Rejected;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.OpenAiErrorBody;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.failure.Classifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged bytes from outside: whatever comes, nothing is thrown, nothing grows, and the promises about an end hold. */
class ChatFuzzTest {
    private static final int CASES = 20_000;

    private static final List<byte[]> STREAMS = List.of(
            utf8(sse(delta("\"role\":\"assistant\""), text("Grüße 🎭"), finish("stop"), "[DONE]")),
            utf8(": ping\r\n\r\n"
                    + sse(
                                    delta("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]"),
                                    finish("tool_calls"))
                            .replace("\n", "\r\n")),
            utf8("event: error\ndata: {\"error\":{\"message\":\"m\",\"code\":429}}\n\n"),
            utf8("{\"error\":{\"message\":\"m\"}}"));

    private static final List<byte[]> BODIES = List.of(
            utf8(
                    "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"x\"}],"
                            + "\"tool_calls\":[{}]},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}"),
            utf8(
                    "{\"error\":{\"message\":\"m sk-abcdefgh retry in 4.5s\",\"type\":\"t\",\"code\":429,\"innererror\":{\"code\":\"x\"}}}"),
            utf8(
                    "[{\"error\":{\"code\":429,\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"violations\":[{\"quotaId\":\"PerDay\"}]},"
                            + "{\"retryDelay\":\"34.4s\"}]}}]"),
            utf8("{\"detail\":[{\"loc\":[\"body\",\"x\"],\"msg\":\"no\",\"type\":\"extra_forbidden\"}]}"),
            utf8(
                    "{\"error\":{\"message\":\"Provider\",\"metadata\":{\"raw\":\"{\\\"error\\\":1}\"}},\"estimated_time\":2e9}"),
            utf8("<html><title>502</title></html>"));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] damaged(List<byte[]> seeds, Random random) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        int edits = 1 + random.nextInt(6);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(bytes.length + 1);
            int to = Math.min(bytes.length, at + random.nextInt(12));
            bytes = switch (random.nextInt(5)) {
                case 0 -> Arrays.copyOf(bytes, at);
                case 1 -> join(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, to, bytes.length));
                case 2 -> join(Arrays.copyOf(bytes, to), Arrays.copyOfRange(bytes, at, bytes.length));
                case 3 -> {
                    byte[] noise = new byte[random.nextInt(6)];
                    random.nextBytes(noise);
                    yield join(join(Arrays.copyOf(bytes, at), noise), Arrays.copyOfRange(bytes, at, bytes.length));
                }
                default -> {
                    byte[] syntax = utf8("{}[]\":,\n\r\\0e").clone();
                    if (at < bytes.length) {
                        bytes[at] = syntax[random.nextInt(syntax.length)];
                    }
                    yield bytes;
                }
            };
        }
        return bytes;
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void damagedStreams() {
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = damaged(STREAMS, random);
            try {
                stream(bytes, random);
            } catch (RuntimeException | AssertionError escaped) {
                fail("seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1), escaped);
            }
        }
    }

    private static void stream(byte[] bytes, Random random) {
        ChatTranscript transcript =
                new ChatTranscript(new AnswerRules(random.nextBoolean(), 1, false, false, false), 200);
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(30));
            transcript.stream.feed(bytes, at, length);
            at += length;
        }
        transcript.stream.end();

        assertThat(transcript.finished() || transcript.stream.isFailed()).isTrue();
        String forwarded = transcript.forwarded.toString(StandardCharsets.UTF_8);
        if (!forwarded.contains("a finish_reason; it was added")) {
            // Only the blank line that the last event lacks is added.
            assertThat(transcript.forwarded.size()).isLessThanOrEqualTo(bytes.length + 2);
        }
        assertThat(transcript.said.contains("FINISH"))
                .isEqualTo(transcript.finished() && !transcript.stream.isFailed());
        transcript.failure.ifPresent(ChatFuzzTest::assertPresentable);
    }

    @Test
    void damagedBodies() {
        for (long seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            byte[] bytes = damaged(BODIES, random);
            try {
                body(bytes, random);
            } catch (RuntimeException | AssertionError escaped) {
                fail("seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1), escaped);
            }
        }
    }

    private static void body(byte[] bytes, Random random) {
        switch (read(bytes)) {
            case Accepted accepted -> {
                assertThat(accepted.written()).isEmpty();
                assertThat(isAnswered(bytes)).isTrue();
            }
            case Rejected rejected -> assertPresentable(rejected.failure());
        }
        HeaderLookup headers = name -> Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        Failure failure = Classifier.classify(random.nextInt(700), headers, bytes, random.nextLong());
        assertPresentable(failure);
        assertThat(OpenAiErrorBody.json(new ErrorResponse(500, failure.kind(), failure.details(), List.of())))
                .isNotEmpty();
    }

    private static boolean isAnswered(byte[] body) {
        StreamFacts facts = new StreamFacts(false);
        try {
            new OpenAiDialect().readAnswerFacts(body, 0, body.length, facts);
        } catch (InvalidAnswer accepted) {
            throw new AssertionError(accepted);
        }
        return facts.isAnswered();
    }

    private static WholeAnswerResult read(byte[] body) {
        return DialectAnswer.verbatim(new OpenAiDialect(), AnswerRules.DEFAULT).read(body, 0, body.length);
    }

    private static void assertPresentable(Failure failure) {
        assertThat(failure.message()).isNotBlank().hasSizeLessThanOrEqualTo(1_000);
        assertThat(failure.message().chars().noneMatch(Character::isISOControl)).isTrue();
        failure.retryAfter().ifPresent(nanos -> assertThat(nanos).isBetween(0L, 24L * 3600 * 1_000_000_000));
    }

    @Test
    void deepNestingIsNoStackOverflow() {
        for (String deep : new String[] {"[", "{\"error\":", "{\"choices\":[", "{\"message\":", "{\"errors\":["}) {
            String body = "{\"error\":" + deep.repeat(100_000);
            assertThat(read(utf8(body))).isInstanceOf(Rejected.class);
            assertPresentable(Classifier.classify(400, HeaderLookup.NONE, utf8(deep.repeat(100_000)), 0));
            assertThat(ChatTranscript.of("data: " + deep.repeat(10_000) + "\n\n").said)
                    .containsExactly("MALFORMED");
        }
    }
}
