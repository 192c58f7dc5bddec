package dev.understudy.calls.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.engine.Step;
import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.translate.CallerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fallbacks-enabled: false}: the first target is tried, and no other. */
class FallbacksSwitchedOffTest {
    private static final String FILE = """
            providers:
              one: { base-url: "http://127.0.0.1:9001/v1", api-key: [key-1, key-2] }
              two: { base-url: "http://127.0.0.1:9002/v1" }
            fallbacks: [two/z]
            """;

    private static PlannedCall planned(String settings, String model, String members) throws Exception {
        CallPlanner planner = new CallPlanner(
                Catalog.of(new SettingsReader(Environment.of(Map.of())).read("f.yaml", FILE + settings)));
        CallerRequest request = CallerRequest.read(
                Api.CHAT.dialect(),
                ("{\"model\":\"" + model + "\",\"messages\":[]" + members + "}").getBytes(StandardCharsets.UTF_8));
        return planner.plan(Api.CHAT, request, request.options(HeaderLookup.NONE, planner.policy()), "");
    }

    private static List<String> targets(PlannedCall call) {
        return call.plan().chain().stream()
                .map(Step::target)
                .map(target -> target.name())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models: { m: { targets: [one/a, two/b], fallbacks-enabled: false } }",
                "defaults: { fallbacks-enabled: false }\nmodels: { m: { targets: [one/a, two/b], fallbacks-enabled: true } }"
            })
    void onlyTheFirstTargetIsTriedWithEachOfItsKeys(String settings) throws Exception {
        PlannedCall call = planned(settings, "m", "");

        assertThat(targets(call)).containsExactly("one/a");
        assertThat(call.plan().chain()).hasSize(2);
        assertThat(call.skipped())
                .extracting(TrailEntry::target, TrailEntry::reason)
                .containsExactly(tuple("two/b", "fallbacks_off"));
        assertThat(call.warnings()).isEmpty();
    }

    @Test
    void fallbacksOfTheRequestAreNotUsedAndItsCallerIsTold() throws Exception {
        String members = ",\"fallbacks\":[\"two/c\"],\"context_window_fallbacks\":[{\"m\":[\"two/d\"]}]";
        PlannedCall call = planned("models: { m: { targets: [one/a], fallbacks-enabled: false } }", "m", members);

        assertThat(targets(call)).containsExactly("one/a");
        assertThat(call.plan().instead()).isEmpty();
        assertThat(call.warnings()).singleElement().asString().contains("fallbacks-enabled");
    }

    @Test
    void otherModelsKeepTheirFallbacks() throws Exception {
        String settings =
                "models: { m: { targets: [one/a, two/b], fallbacks-enabled: false }, n: { targets: [one/a, two/b] } }";

        assertThat(targets(planned(settings, "n", ""))).containsExactly("one/a", "two/b");
        assertThat(targets(planned(settings, "one/x", ""))).containsExactly("one/x", "two/z");
    }

    @Test
    void switchForAllHoldsForTargetsThatCallersName() throws Exception {
        assertThat(targets(planned("defaults: { fallbacks-enabled: false }", "one/x", "")))
                .containsExactly("one/x");
    }
}
