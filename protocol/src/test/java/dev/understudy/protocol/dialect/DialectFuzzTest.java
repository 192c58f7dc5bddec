package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ModelCapabilities.ReasoningControl;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.multipart.MultipartForm;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.options.OptionsPolicy;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import dev.understudy.protocol.translate.AnswerAsChat;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.ContinuationEvents;
import dev.understudy.protocol.translate.DialectStream;
import dev.understudy.protocol.translate.StreamOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Broken requests, answers and streams at every reader, and what was read at every writer: nothing but the declared
 * exceptions comes out, what is written is JSON, and nothing grows beyond a multiple of what came.
 *
 * <p>A few seconds by default; {@code -Dfuzz.minutes=10} runs each of the tests so long.
 */
class DialectFuzzTest {
    private static final int ROUNDS = 1_500;
    private static final RequestContext ASKED = new RequestContext("{\"model\":\"m\"}".getBytes(UTF_8), true, 0);
    private static final OptionsPolicy POLICY = OptionsPolicy.STRICT;

    private static final ModelCapabilities FEW = ModelCapabilities.builder()
            .contextWindow(OptionalInt.of(4_000))
            .maxOutput(OptionalInt.of(1_000))
            .images(Can.NO)
            .documents(Can.NO)
            .audio(Can.NO)
            .tools(Can.YES)
            .schema(Can.NO)
            .prefill(Can.NO)
            .reasoningControl(ReasoningControl.ADAPTIVE)
            .build();
    private static final ModelCapabilities MANY = ModelCapabilities.builder()
            .contextWindow(OptionalInt.of(200_000))
            .maxOutput(OptionalInt.of(64_000))
            .images(Can.YES)
            .documents(Can.YES)
            .audio(Can.YES)
            .tools(Can.YES)
            .schema(Can.YES)
            .prefill(Can.YES)
            .reasoningControl(ReasoningControl.BUDGET)
            .build();

    /** By how much something may grow on its way, for each byte and all in all: Responses says all of a text four times. */
    private static final long GROWTH = 60;

    private static final long LEAST = 40_000;

    private static void bounded(long written, long read) {
        assertThat(written).isLessThan(GROWTH * read + LEAST);
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    /** A fuzzer whose examples are refused unbroken would test nothing. */
    @Test
    void examplesAreSound() throws BadRequest, InvalidAnswer {
        for (FuzzSeeds from : FuzzSeeds.ALL) {
            for (String request : from.requests()) {
                from.dialect().readRequest(request.getBytes(UTF_8), true);
            }
            for (String answer : from.answers()) {
                from.dialect().readAnswer(answer.getBytes(UTF_8), 0, answer.getBytes(UTF_8).length);
            }
            for (List<Streamed.Line> lines : from.streams()) {
                Rewritten run = Rewritten.in(from.dialect(), from.dialect(), ASKED);
                run.feed(Streamed.bytes(from.dialect().framing(), lines), new Random(1));
                assertThat(run.failed).isEmpty();
                assertThat(run.finished).isTrue();
            }
        }
    }

    @Test
    void requestsAreReadAndWrittenOrRefused() {
        List<String> donors = FuzzSeeds.texts();
        FuzzTime.fuzz("requests", ROUNDS, (random, input) -> {
            FuzzSeeds from = any(FuzzSeeds.ALL, random);
            String json = new Mutation(random, donors).of(any(from.requests(), random));
            input.append(from.dialect().name()).append(' ').append(json);
            byte[] body = json.getBytes(UTF_8);
            try {
                CallerRequest request = from.modelInBody()
                        ? CallerRequest.read(from.dialect(), body)
                        : CallerRequest.read(from.dialect(), body, "m", random.nextBoolean());
                request.options(HeaderLookup.NONE, POLICY);
                NeutralRequest neutral = request.neutral(List.of());
                for (FuzzSeeds to : FuzzSeeds.ALL) {
                    written(neutral, to, random, body.length);
                }
            } catch (BadRequest refused) {
                assertThat(refused).hasMessageNotContaining("Exception");
            }
        });
    }

    private static void written(NeutralRequest request, FuzzSeeds to, Random random, int read) {
        try {
            String model = any(to.models(), random);
            ModelCapabilities capabilities = any(List.of(ModelCapabilities.UNKNOWN, FEW, MANY), random);
            byte[] body = to.dialect()
                    .writeRequest(request, model, capabilities.withTraits(ModelTable.traitsOf(model)))
                    .body();
            bounded(body.length, read);
            assertThat(JsonTrees.of(new String(body, UTF_8)).isObject()).isTrue();
        } catch (UntranslatableRequest refused) {
            assertThat(refused).hasMessageNotContaining("Exception");
        }
    }

    @Test
    void answersAreReadAndWrittenOrRefused() {
        List<String> donors = FuzzSeeds.texts();
        FuzzTime.fuzz("answers", 2 * ROUNDS, (random, input) -> {
            FuzzSeeds from = any(FuzzSeeds.ALL, random);
            String json = new Mutation(random, donors).of(any(from.answers(), random));
            input.append(from.dialect().name()).append(' ').append(json);
            byte[] body = json.getBytes(UTF_8);
            try {
                NeutralAnswer answer = from.dialect().readAnswer(body, 0, body.length);
                for (FuzzSeeds to : FuzzSeeds.ALL) {
                    byte[] written = to.dialect().writeAnswer(answer, ASKED);
                    bounded(written.length, body.length);
                    assertThat(JsonTrees.of(new String(written, UTF_8)).isObject())
                            .isTrue();
                }
            } catch (InvalidAnswer refused) {
                assertThat(refused.failure().message()).doesNotContain("Exception");
            }
        });
    }

    @Test
    void streamsAreReadAndWrittenOrFail() {
        List<String> donors = FuzzSeeds.texts();
        FuzzTime.fuzz("streams", ROUNDS, (random, input) -> {
            FuzzSeeds from = any(FuzzSeeds.ALL, random);
            byte[] bytes = brokenStream(from, new Mutation(random, donors), random, input);
            Rewritten verbatim = new Rewritten(from.dialect(), StreamOutput.verbatim(from.dialect()));
            verbatim.feed(bytes, random);
            for (FuzzSeeds to : FuzzSeeds.ALL) {
                Rewritten run = Rewritten.in(from.dialect(), to.dialect(), ASKED);
                run.feed(bytes, random);
                bounded(run.written.size(), bytes.length);
                if (!lacksOnlyTheNameOfACall(from, bytes, verbatim, run) && !beginsAgainWithinACall(run)) {
                    assertThat(run.failed).as("as the verbatim one").isEqualTo(verbatim.failed);
                }
                readable(run, to.dialect());
                Rewritten retry = Rewritten.in(from.dialect(), to.dialect(), ASKED);
                retry.feed(bytes, random);
                assertThat(retry.written.toByteArray())
                        .as("framed in another way")
                        .isEqualTo(run.written.toByteArray());
                continued(run, to.dialect(), random);
            }
        });
    }

    /**
     * A call without a name passes through as it came, and cannot be written in another form: then the answer is blank, or not
     * whole if text came before it.
     */
    private static boolean lacksOnlyTheNameOfACall(FuzzSeeds from, byte[] bytes, Rewritten verbatim, Rewritten run) {
        return from.dialect() instanceof OpenAiDialect
                && new String(bytes, UTF_8).contains("\"function\"")
                && verbatim.failed.isEmpty()
                && (run.failed.startsWith("EMPTY ")
                        || run.failed.equals("TRUNCATED The stream ended without its terminal event"));
    }

    /** Half a call passes through as it came, and cannot be written in another form. */
    private static boolean beginsAgainWithinACall(Rewritten run) {
        return run.failed.equals("TRUNCATED The stream began again within a tool call");
    }

    /** What was written is what its own reader knows. */
    private static void readable(Rewritten run, Dialect dialect) {
        StringBuilder unreadable = new StringBuilder();
        DialectStream reading = new DialectStream(
                dialect,
                AnswerRules.DEFAULT.allowingEmpty(),
                StreamOutput.verbatim(dialect),
                new StreamOptions(true, false),
                1 << 24,
                new AnswerListener() {
                    @Override
                    public void event(EventKind event, byte[] array, int offset, int length) {}

                    @Override
                    public void failed(Failure failure, byte[] array, int offset, int length) {
                        unreadable.append(failure.kind()).append(' ').append(failure.message());
                    }
                });
        reading.feed(run.written.toByteArray(), 0, run.written.size());
        assertThat(unreadable.toString()).as("in " + dialect.name()).doesNotContain("MALFORMED");
        new AnswerAsChat(dialect).streamed(run.written.toByteArray());
    }

    private static void continued(Rewritten first, Dialect to, Random random) {
        if (!first.stream.continuable()) {
            return;
        }
        FuzzSeeds other = any(FuzzSeeds.ALL, random);
        ResumePoint resumePoint =
                new ResumePoint(first.stream.position(), first.stream.text().orElse(""));
        Rewritten second = new Rewritten(
                other.dialect(),
                StreamOutput.continued(
                        to,
                        to.streamWriter(ASKED, Optional.of(resumePoint)),
                        "",
                        new ContinuationEvents(
                                DeliveredPart.of(first.stream),
                                new Seam(resumePoint.text(), any(List.of(ContinuationForm.values()), random))),
                        () -> new byte[0]));
        second.feed(Streamed.bytes(other.dialect().framing(), any(other.streams(), random)), random);
        first.written.writeBytes(second.written.toByteArray());
        readable(first, to);
    }

    private static byte[] brokenStream(FuzzSeeds from, Mutation mutation, Random random, StringBuilder input) {
        List<Streamed.Line> lines = new ArrayList<>(any(from.streams(), random));
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(lines.size());
            Streamed.Line line = lines.get(at);
            switch (random.nextInt(6)) {
                case 0 -> lines.add(random.nextInt(lines.size() + 1), line);
                case 1 -> lines.remove(at);
                case 2 -> lines.add(at, any(any(any(FuzzSeeds.ALL, random).streams(), random), random));
                default -> lines.set(at, new Streamed.Line(line.name(), mutation.of(line.json())));
            }
            if (lines.isEmpty()) {
                break;
            }
        }
        byte[] bytes = Streamed.bytes(from.dialect().framing(), lines);
        if (random.nextInt(10) == 0) {
            bytes = mutation.of(bytes);
        }
        input.append(from.dialect().name()).append(' ').append(lines);
        return bytes;
    }

    @Test
    void formsAreReadOrRefused() {
        byte[] form = String.join(
                        "\r\n",
                        "--xyz",
                        "Content-Disposition: form-data; name=\"model\"",
                        "",
                        "whisper-1",
                        "--xyz",
                        "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"",
                        "Content-Type: audio/wav",
                        "",
                        "RIFF--xyz",
                        "--xyz",
                        "content-disposition: form-data; name=fallbacks",
                        "",
                        "[\"openai/a\"]",
                        "--xyz--",
                        "")
                .getBytes(UTF_8);
        FuzzTime.fuzz("forms", 10 * ROUNDS, (random, input) -> {
            byte[] body = form;
            Mutation mutation = new Mutation(random, List.of("x:y"));
            for (int i = random.nextInt(3); i >= 0; i--) {
                body = mutation.of(body);
            }
            input.append(new String(body, UTF_8));
            try {
                MultipartForm read = MultipartForm.read("multipart/form-data; boundary=xyz", body);
                read.names().forEach(read::text);
                byte[] written = read.with(Map.of("model", "other"), List.of("fallbacks"));
                assertThat(written.length).isLessThan(body.length + 1_000 * "other".length());
                assertThat(read.with(Map.of(), List.of())).isEqualTo(body);
            } catch (BadRequest refused) {
                assertThat(refused).hasMessageContaining("form");
            }
        });
    }
}
