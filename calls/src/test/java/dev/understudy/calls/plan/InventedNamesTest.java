package dev.understudy.calls.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller that invents model names without end takes nothing from the callers of models that are in use. */
class InventedNamesTest {
    private static final int INVENTED = 20_000;

    private CallPlanner planner;

    @BeforeEach
    void configure() throws Exception {
        planner = new CallPlanner(Catalog.of(new SettingsReader(Environment.of(Map.of())).read("f.yaml", """
                        providers: { one: { base-url: "http://127.0.0.1:9001/v1" } }
                        fallbacks: [one/default]
                        """)));
    }

    private PlannedCall plan(String model) throws Exception {
        CallerRequest request = CallerRequest.read(
                Api.CHAT.dialect(), ("{\"model\":\"" + model + "\",\"messages\":[]}").getBytes(UTF_8));
        return planner.plan(Api.CHAT, request, FallbackOptions.NONE, "");
    }

    @Test
    void planOfAModelInUseStaysCached() throws Exception {
        PlannedCall first = plan("one/good");
        for (int i = 0; i < INVENTED; i++) {
            plan("one/invented-" + i);
            // The good caller makes one call in a hundred.
            if (i % 100 == 0) {
                assertThat(plan("one/good")).as("after %s names", i).isSameAs(first);
            }
        }
    }

    @Test
    void planOfAModelThatComesIntoUseAfterTheFloodIsCached() throws Exception {
        for (int i = 0; i < INVENTED; i++) {
            plan("one/invented-" + i);
        }
        // A name has to be used a few times before it is worth more than those that are in the cache.
        for (int i = 0; i < 20; i++) {
            plan("one/good");
        }
        assertThat(plan("one/good")).isSameAs(plan("one/good"));
    }

    @Test
    void namesOfAnyLengthDoNotFillTheMemory() throws Exception {
        String tooLong = "x".repeat(1_000);
        assertThat(plan("short")).isSameAs(plan("short"));
        assertThat(plan(tooLong)).isNotSameAs(plan(tooLong));
    }
}
