package dev.understudy.calls.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.engine.Plan;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.translate.CallerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code server.max-deadline}: whatever a request names, the gateway works no longer for it. */
class LongestDeadlineTest {
    private static final Duration MOST = Duration.ofMinutes(2);

    private static Plan plan(Api api, String members, Map<String, String> headers, String defaults) throws Exception {
        Settings settings = new SettingsReader(Environment.of(Map.of())).read("test.yaml", """
                server: {max-deadline: 2m}
                providers:
                  one: {base-url: "http://127.0.0.1:9001/v1", responses: true}
                  google: {dialect: gemini, base-url: "http://127.0.0.1:9002", api-key: k}
                defaults: {%s}
                """.formatted(defaults));
        CallPlanner planner = new CallPlanner(
                Catalog.of(settings),
                new ResponseOwners(),
                settings.server().bounds().deadline());
        boolean ofGoogle = api == Api.GEMINI_EMBEDDING || api == Api.GEMINI_EMBEDDINGS;
        boolean inPath = ofGoogle || api == Api.GEMINI || api == Api.GEMINI_ARRAY || api == Api.CONVERSE;
        String model = ofGoogle ? "google/m" : "one/m";
        String body = "{" + (inPath ? "" : "\"model\":\"" + model + "\",") + members + "}";
        CallerRequest request = inPath
                ? CallerRequest.read(api.dialect(), body.getBytes(UTF_8), model, false, BodyLimits.ofSize(1_000_000))
                : CallerRequest.read(api.dialect(), body.getBytes(UTF_8), BodyLimits.ofSize(1_000_000));
        HeaderLookup lookup = name -> Optional.ofNullable(headers.get(name));
        return planner.plan(api, request, request.options(lookup, planner.policy()), "")
                .plan();
    }

    private static String prompt(Api api) {
        return switch (api) {
            case RESPONSES -> "\"input\":\"x\"";
            case GEMINI, GEMINI_ARRAY -> "\"contents\":[]";
            case CHAT, MESSAGES, CONVERSE -> "\"max_tokens\":9,\"messages\":[]";
            default -> "\"prompt\":\"x\",\"input\":\"x\"";
        };
    }

    @ParameterizedTest
    @EnumSource
    void lowersTheDeadlineInABodyOfEveryApi(Api api) throws Exception {
        String members = prompt(api) + ",\"understudy\":{\"deadline\":\"%s\"}";
        assertThat(plan(api, members.formatted("8760h"), Map.of(), "").deadline())
                .contains(MOST);
        assertThat(plan(api, members.formatted("90s"), Map.of(), "").deadline()).contains(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-stainless-timeout", "x-stainless-read-timeout", "x-server-timeout"})
    void lowersTheTimeoutThatAClientTells(String header) throws Exception {
        Plan day = plan(Api.CHAT, prompt(Api.CHAT), Map.of(header, "86400"), "");
        assertThat(day.patience()).contains(MOST.minusSeconds(1));
        Plan minute = plan(Api.CHAT, prompt(Api.CHAT), Map.of(header, "60"), "");
        assertThat(minute.patience()).contains(Duration.ofSeconds(59));
    }

    @Test
    void leavesTheOperatorsOwnDeadlineAlone() throws Exception {
        assertThat(plan(Api.CHAT, prompt(Api.CHAT), Map.of(), "deadline: 10m").deadline())
                .contains(Duration.ofMinutes(10));
        assertThat(plan(Api.CHAT, prompt(Api.CHAT) + ",\"understudy\":{\"deadline\":\"1h\"}", Map.of(), "deadline: 10m")
                        .deadline())
                .contains(MOST);
    }

    /**
     * The timeouts of the other vocabularies are limits on one attempt. They set no deadline, and a call whose client tells no
     * timeout ends after the engine's ten minutes, whatever they say.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "none                      | \"timeout\":31536000",
                "none                      | \"stream_timeout\":31536000",
                "x-litellm-timeout         | ",
                "x-litellm-stream-timeout  | ",
                "x-portkey-request-timeout | ",
                "none                      | \"openpipe\":{\"fallback\":{\"model\":\"one/b\",\"timeout\":31536000}}",
                "none                      | \"fallbacks\":[{\"model\":\"one/b\",\"timeout\":31536000}]",
                "none                      | \"understudy\":{\"timeouts\":{\"answer\":\"8760h\",\"when-late\":\"cancel\"}}",
                "none                      | \"understudy\":{\"retry\":{\"patience\":\"8760h\",\"cap\":\"8760h\"}}",
            })
    void theLimitsOfOneAttemptAreNoDeadline(String header, String member) throws Exception {
        Plan plan = plan(
                Api.CHAT,
                prompt(Api.CHAT) + (member == null ? "" : "," + member),
                header.equals("none") ? Map.of() : Map.of(header, "31536000"),
                "");
        assertThat(plan.deadline()).isEmpty();
        assertThat(plan.patience()).isEmpty();
    }
}
