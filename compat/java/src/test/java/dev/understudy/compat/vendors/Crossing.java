package dev.understudy.compat.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every vendor's client must be able to do with every vendor's model; a subclass says it with one client. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class Crossing {
    static final String ANY_KEY = "any-key-will-do";
    static final String WEATHER = "What is the weather in Paris and Rome?";
    static final String TOOL = "get_weather";
    static final String LOOK = "What is in the picture?";
    static final String WHICH_CITY = "Which city has the most inhabitants of France?";

    static final Map<String, Object> TOOL_SCHEMA = Map.of(
            "type", "object", "properties", Map.of("city", Map.of("type", "string")), "required", List.of("city"));
    static final Map<String, Object> CITY_SCHEMA = Map.of(
            "type",
            "object",
            "properties",
            Map.of("city", Map.of("type", "string"), "population", Map.of("type", "integer")),
            "required",
            List.of("city", "population"),
            "additionalProperties",
            false);

    private static final String COUNT = "Count to ten.";
    private static final String TEN = "one two three four five six seven eight nine ten";
    private static final String DOT =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A call of a tool, as the client was given it. */
    record Call(String id, String name, String city) {
        static Call of(String id, String name, String arguments) {
            try {
                return new Call(id, name, JSON.readTree(arguments).path("city").asText());
            } catch (JsonProcessingException broken) {
                throw new AssertionError("the arguments are no JSON: " + arguments, broken);
            }
        }

        /** What its tool brings. */
        String result() {
            return switch (city) {
                case "Paris" -> "18 degrees";
                case "Rome" -> "24 degrees";
                default -> throw new AssertionError("no request for " + city);
            };
        }
    }

    /** What a client does between the calls of tools and their results: it looks at them, and may put them in order. */
    interface Tools {
        List<Call> run(List<Call> calls);
    }

    /** The address of the gateway, without a path. */
    static String gateway() {
        String url = System.getenv("UNDERSTUDY_URL");
        if (url == null || url.isEmpty()) {
            throw new IllegalStateException("UNDERSTUDY_URL names no gateway; run these tests with compat/run");
        }
        return url;
    }

    /** The text with which the model answers. */
    abstract String say(String model, String words);

    /** The same, streamed and put together by the client. */
    abstract String stream(String model, String words);

    /**
     * Asks for the weather, has the tools run, sends what they brought, and returns the text that comes of it.
     *
     * @param tools gets the calls and returns those whose results are sent, in that order
     */
    abstract String forecast(String model, boolean streamed, Tools tools);

    /** What the model says to a picture. */
    abstract String look(String model, String base64);

    /** An answer that has the form of {@link #CITY_SCHEMA}. */
    abstract String city(String model);

    /** How the client throws an error of that status. */
    abstract Class<? extends Throwable> thrownFor(int status);

    @ParameterizedTest
    @EnumSource
    void aModelAnswers(Upstream upstream) {
        assertThat(say(upstream.model(), COUNT)).isEqualTo(TEN);
    }

    @ParameterizedTest
    @EnumSource
    void aModelStreams(Upstream upstream) {
        assertThat(stream(upstream.model(), COUNT)).isEqualTo(TEN);
    }

    @ParameterizedTest
    @EnumSource
    void twoToolsAreCalledAtOnceWithTheirResults(Upstream upstream) {
        assertThat(forecast(upstream.model(), false, Crossing::inOrder))
                .isEqualTo("In Paris: 18 degrees. In Rome: 24 degrees.");
    }

    @ParameterizedTest
    @EnumSource
    void twoToolsAreCalledAtOnceWithTheirResultsInStreams(Upstream upstream) {
        assertThat(forecast(upstream.model(), true, Crossing::inOrder))
                .isEqualTo("In Paris: 18 degrees. In Rome: 24 degrees.");
    }

    /** Whose calls have ids when they come to the client. */
    Stream<Upstream> withIds() {
        return Stream.of(Upstream.values());
    }

    @ParameterizedTest
    @MethodSource("withIds")
    void resultsMayComeInAnotherOrderThanTheCalls(Upstream upstream) {
        assertThat(forecast(upstream.model(), false, calls -> {
                    List<Call> turned = new ArrayList<>(inOrder(calls));
                    Collections.reverse(turned);
                    return turned;
                }))
                .contains("In Paris: 18 degrees.", "In Rome: 24 degrees.");
    }

    @ParameterizedTest
    @EnumSource
    void aPictureIsShown(Upstream upstream) {
        assertThat(look(upstream.model(), DOT)).isEqualTo("I see 70 bytes of image/png.");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerHasTheRequestedForm(Upstream upstream) throws JsonProcessingException {
        assertThat(JSON.readTree(city(upstream.model())))
                .isEqualTo(JSON.readTree("{\"city\":\"Paris\",\"population\":2102650}"));
    }

    @ParameterizedTest
    @EnumSource
    void a400OfTheProviderIsTheClientsOwn(Upstream upstream) {
        assertThat(catchThrowable(() -> say(upstream.model(), "Fail with 400.")))
                .isInstanceOf(thrownFor(400))
                .hasMessageContaining("told to fail with 400");
        assertThat(catchThrowable(() -> stream(upstream.model(), "Fail with 400.")))
                .isInstanceOf(thrownFor(400))
                .hasMessageContaining("told to fail with 400");
    }

    @ParameterizedTest
    @EnumSource
    void aRateLimitIsTheClientsOwn(Upstream upstream) {
        assertThat(catchThrowable(() -> say(upstream.model(), "Fail with 429.")))
                .isInstanceOf(thrownFor(429))
                .hasMessageContaining("told to fail with 429");
    }

    @ParameterizedTest
    @EnumSource
    void anotherVendorsModelStandsIn(Upstream upstream) {
        assertThat(say(upstream.afterAFailure(), COUNT)).isEqualTo(TEN);
        assertThat(stream(upstream.afterAFailure(), COUNT)).isEqualTo(TEN);
    }

    @ParameterizedTest
    @EnumSource
    void anotherVendorsModelContinuesAStreamThatBroke(Upstream upstream) {
        assertThat(stream(upstream.afterABreak(), COUNT)).isEqualTo(TEN);
    }

    private static List<Call> inOrder(List<Call> calls) {
        assertThat(calls).extracting(Call::name).containsExactly(TOOL, TOOL);
        assertThat(calls).extracting(Call::city).containsExactly("Paris", "Rome");
        return calls;
    }
}
