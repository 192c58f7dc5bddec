package dev.understudy.protocol.failure;

import static dev.understudy.engine.Concern.CREDENTIAL;
import static dev.understudy.engine.Concern.REQUEST;
import static dev.understudy.engine.Concern.TARGET;
import static dev.understudy.engine.FailureKind.AUTH;
import static dev.understudy.engine.FailureKind.BAD_REQUEST;
import static dev.understudy.engine.FailureKind.FORBIDDEN;
import static dev.understudy.engine.FailureKind.INVALID_OUTPUT;
import static dev.understudy.engine.FailureKind.OVERLOADED;
import static dev.understudy.engine.FailureKind.QUOTA;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Concern;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a failure concerns, by the error texts of real providers: the key, the target, or only the request. The table is in
 * {@code whose-fault.txt}.
 */
class WhoseFaultTest {

    /** One line of the table. */
    record Row(
            String name,
            String where,
            FailureKind kind,
            Concern concern,
            OptionalLong hint,
            List<String> headers,
            String body) {

        static Row of(String line) {
            String[] cells = line.split(" \\| ?", 4);
            String[] meaning = cells[2].split(" ");
            OptionalLong hint = OptionalLong.empty();
            List<String> headers = new ArrayList<>();
            for (int i = 2; i < meaning.length; i++) {
                if (meaning[i].startsWith("PT")) {
                    hint = OptionalLong.of(Duration.parse(meaning[i]).toNanos());
                } else {
                    headers.addAll(List.of(meaning[i].split("=", 2)));
                }
            }
            return new Row(
                    cells[0],
                    cells[1],
                    FailureKind.valueOf(meaning[0].toUpperCase(Locale.ROOT)),
                    Concern.valueOf(meaning[1].toUpperCase(Locale.ROOT)),
                    hint,
                    headers,
                    cells[3].replace("%n", "\n"));
        }

        boolean isEvent() {
            return where.equals("event");
        }

        boolean isAnywhere() {
            return where.startsWith("anywhere ");
        }

        int status() {
            return Integer.parseInt(where.substring(where.indexOf(' ') + 1));
        }

        byte[] bytes() {
            return body.getBytes(UTF_8);
        }

        void assertIs(Failure failure) {
            assertThat(failure)
                    .as(body)
                    .returns(kind, Failure::kind)
                    .returns(concern, Failure::concern)
                    .returns(hint, Failure::retryAfter);
        }

        @Override
        public String toString() {
            return where + ": " + name;
        }
    }

    private static Stream<Row> rows() throws IOException {
        try (InputStream table = Objects.requireNonNull(WhoseFaultTest.class.getResourceAsStream("whose-fault.txt"))) {
            return new String(table.readAllBytes(), UTF_8)
                    .lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).map(Row::of).toList().stream();
        }
    }

    static Stream<Row> answers() throws IOException {
        return rows().filter(row -> !row.isEvent());
    }

    static Stream<Row> events() throws IOException {
        return rows().filter(Row::isEvent);
    }

    static Stream<Row> anywhere() throws IOException {
        return rows().filter(Row::isAnywhere);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void whomAnAnswerConcerns(Row row) {
        row.assertIs(
                Classifier.classify(row.status(), Headers.of(row.headers().toArray(new String[0])), row.bytes(), 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("events")
    void whomAnEventConcerns(Row row) {
        row.assertIs(Classifier.inBand(row.bytes(), 0, row.bytes().length));
    }

    /** An error that names its status means the same in a 200, in an event, in a list, and under an error's status. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("anywhere")
    void whereverItStands(Row row) {
        row.assertIs(Classifier.classify(200, Headers.of(), row.bytes(), 0));
        row.assertIs(Classifier.inBand(row.bytes(), 0, row.bytes().length));
        row.assertIs(Classifier.classify(200, Headers.of(), ("\n[" + row.body() + "]").getBytes(UTF_8), 0));
        row.assertIs(Classifier.classify(
                row.status(), Headers.of(), ("event: error\ndata: " + row.body() + "\n\n").getBytes(UTF_8), 0));
    }

    /** The table is not read in vain. */
    @Test
    void everyConcernHasItsRows() throws IOException {
        assertThat(answers()).hasSizeGreaterThan(150);
        assertThat(events()).hasSizeGreaterThan(10);
        for (Concern concern : Concern.values()) {
            // No answer speaks of the place where the provider is reached: an answer shows that it was.
            assertThat(rows().anyMatch(row -> row.concern() == concern))
                    .as(concern.name())
                    .isEqualTo(concern != Concern.PROVIDER);
        }
    }

    /** Frames of Amazon's streams are named beside their bodies. */
    @Test
    void asTheNameOfAFrame() {
        byte[] body = "{\"message\":\"x\"}".getBytes(UTF_8);
        byte[] nova = "{\"message\":\"Model produced invalid sequence as part of ToolUse.\"}".getBytes(UTF_8);

        assertThat(Classifier.inBand("accessDeniedException", body, 0, body.length))
                .returns(FORBIDDEN, Failure::kind)
                .returns(REQUEST, Failure::concern);
        assertThat(Classifier.inBand("expiredTokenException", body, 0, body.length))
                .returns(AUTH, Failure::kind)
                .returns(CREDENTIAL, Failure::concern);
        assertThat(Classifier.inBand("validationException", body, 0, body.length))
                .returns(BAD_REQUEST, Failure::kind)
                .returns(REQUEST, Failure::concern);
        assertThat(Classifier.inBand("modelStreamErrorException", nova, 0, nova.length))
                .returns(INVALID_OUTPUT, Failure::kind)
                .returns(TARGET, Failure::concern);
    }

    /** A caller chooses these words; they must not cost anybody else the key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Your credit balance is too low",
                "insufficient credits",
                "You exceeded your current quota",
                "payment required",
                "Incorrect API key provided",
                "API key has been revoked",
                "This account has been disabled",
                "unauthorized"
            })
    void quotedTextOfARequestConcernsOnlyTheRequest(String words) {
        List<String> bodies = List.of(
                said("Invalid value: '" + words + "'. Supported values are: 'system', 'user'."),
                said("Unrecognized request argument supplied: `" + words + "`"),
                said("messages.0." + words + ": Extra inputs are not permitted"),
                said("Your input was flagged for '" + words + "'"),
                "{\"error\":\"tool \\\"" + words + "\\\" not found\"}",
                "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"" + words
                        + "\"],\"msg\":\"Extra inputs " + "are not permitted\",\"input\":\"" + words + "\"}]}",
                "{\"error\":{\"code\":400,\"message\":\"Flagged\",\"metadata\":{\"flagged_input\":\"" + words + "\"}}}",
                "{\"error\":{\"message\":\"bad\",\"param\":\"" + words + "\"}}");
        for (String body : bodies) {
            assertThat(ClassifierTest.classify(400, body).concern()).as(body).isEqualTo(REQUEST);
            assertThat(ClassifierTest.classify(422, body).concern()).as(body).isEqualTo(REQUEST);
        }
        for (int status : new int[] {403, 404}) {
            assertThat(ClassifierTest.classify(status, bodies.get(4)).concern()).isEqualTo(REQUEST);
            assertThat(ClassifierTest.classify(status, said("The tool `" + words + "` does not exist"))
                            .concern())
                    .isEqualTo(REQUEST);
        }
    }

    private static String said(String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"invalid_request_error\"}}";
    }

    /** Seconds that are quoted from a request are not asked for. */
    @Test
    void aQuotedHintIsNoHint() {
        assertThat(ClassifierTest.classify(503, "{\"error\":\"Overloaded. Please retry in 2s\"}"))
                .returns(OVERLOADED, Failure::kind)
                .returns(OptionalLong.of(2_000_000_000L), Failure::retryAfter);
        assertThat(ClassifierTest.classify(500, "{\"error\":\"cannot read 'try again in 20 hours'\"}")
                        .retryAfter())
                .isEmpty();
    }

    @Test
    void whatIsOfNoUseToRetrySpendsNoRetry() {
        assertThat(ClassifierTest.classify(429, said("Request too large for m on tokens per min: Limit 1, Requested 2"))
                        .isTransient())
                .isFalse();
        assertThat(ClassifierTest.classify(429, "").isTransient()).isTrue();
        assertThat(ClassifierTest.classify(402, "").kind()).isEqualTo(QUOTA);
    }
}
