package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.model.ModelPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limits of {@code server.keys}, and {@code prices}. */
class KeyLimitsConfigurationTest {
    private static final String PROVIDERS =
            "providers: {openai: {api-key: sk-of-openai}, local: {base-url: 'http://127.0.0.1:9/v1', auth: none}}\n";

    private static Settings read(String yaml) throws InvalidSettings {
        return new SettingsReader(Environment.of(Map.of())).read("u.yaml", PROVIDERS + yaml);
    }

    @Test
    void everyLimit() throws InvalidSettings {
        KeyLimits limits = read("""
                server:
                  keys:
                    - name: team
                      key: key-of-the-team
                      models: [fast, "openai/*"]
                      providers: [openai]
                      requests-per-minute: 60
                      tokens-per-minute: 100000
                      max-concurrent-calls: 5
                      budget: {day: 5.00, month: 50}
                      expires: 2027-01-31
                """).server().keys().getFirst().limits();
        assertThat(limits.models().match("openai/gpt-5.1")).isTrue();
        assertThat(limits.models().match("local/gpt-5.1")).isFalse();
        assertThat(limits.providers()).isEqualTo(Set.of("openai"));
        assertThat(limits.requestsPerMinute()).hasValue(60);
        assertThat(limits.tokensPerMinute()).hasValue(100_000);
        assertThat(limits.maxConcurrentCalls()).hasValue(5);
        assertThat(limits.budget().day()).contains(new BigDecimal("5.00"));
        assertThat(limits.budget().month()).contains(new BigDecimal("50"));
        assertThat(limits.budget().refusesUnpriced()).isFalse();
        assertThat(limits.expires()).contains(Instant.parse("2027-02-01T00:00:00Z"));
    }

    @Test
    void limitsAreReadFromTheTreeThatTheyWrite() throws InvalidSettings {
        KeyLimits limits = read("""
                server:
                  keys:
                    - key: key-of-the-team
                      models: [fast, "openai/*"]
                      providers: [openai]
                      requests-per-minute: 60
                      tokens-per-minute: 100000
                      max-concurrent-calls: 5
                      budget: {day: 5.00, month: 50, unpriced: refuse}
                      expires: 2027-01-31
                """).server().keys().getFirst().limits();
        assertThat(KeyLimits.of(limits.tree())).isEqualTo(limits);
        assertThat(KeyLimits.of(KeyLimits.NONE.tree(), Set.of())).isEqualTo(KeyLimits.NONE);
        assertThatThrownBy(() -> KeyLimits.of(limits.tree(), Set.of("local")))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        wrong -> assertThat(wrong.problems()).singleElement().satisfies(problem -> {
                            assertThat(problem.path()).isEqualTo("limits.providers[0]");
                            assertThat(problem.message()).contains("is not a configured provider");
                            assertThat(problem.line()).isZero();
                        }));
    }

    @Test
    void aKeyWithoutLimitsCountsNothing() throws InvalidSettings {
        assertThat(read("server: {keys: [a-plain-key]}")
                        .server()
                        .keys()
                        .getFirst()
                        .limits())
                .isEqualTo(KeyLimits.NONE);
        assertThat(KeyLimits.NONE.countUse()).isFalse();
    }

    @Test
    void anExpiryMayBeATime() throws InvalidSettings {
        assertThat(read("server: {keys: [{key: a-plain-key, expires: '2027-01-31T18:00:00+02:00'}]}")
                        .server()
                        .keys()
                        .getFirst()
                        .limits()
                        .expires())
                .contains(Instant.parse("2027-01-31T16:00:00Z"));
    }

    @Test
    void prices() throws InvalidSettings {
        Settings settings = read("""
                prices:
                  openai/gpt-5.1: {input: 1, cached-input: 0.5, output: 2}
                  "local/*": {input: 0, output: 0}
                """);
        assertThat(price(settings, "openai/gpt-5.1"))
                .isEqualTo(ModelPrice.perMillion(BigDecimal.ONE, new BigDecimal("0.5"), BigDecimal.TWO));
        assertThat(price(settings, "local/llama/x")).isEqualTo(ModelPrice.FREE);
        assertThat(price(settings, "openai/gpt-5-nano"))
                .isEqualTo(
                        ModelPrice.perMillion(new BigDecimal("0.05"), new BigDecimal("0.005"), new BigDecimal("0.4")));
        assertThat(settings.priceOf(TargetName.parse("openai/unknown").orElseThrow()))
                .isEmpty();
    }

    private static ModelPrice price(Settings settings, String target) {
        return settings.priceOf(TargetName.parse(target).orElseThrow()).orElseThrow();
    }

    @Test
    void aBudgetWarnsOfTargetsWithoutAPrice() throws InvalidSettings {
        String models = "models: {m: {targets: [openai/gpt-5.1, local/llama]}}\n";
        assertThat(read(models + "server: {keys: [{key: a-plain-key, budget: {day: 1}}]}")
                        .warnings())
                .singleElement()
                .asString()
                .startsWith("prices: no price of local/llama");
        assertThat(read(models + "server: {keys: [a-plain-key]}").warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "models: []                  | u.yaml:5: server.keys[0].models: this list is empty",
                "models: fast                | u.yaml:5: server.keys[0].models: a list is expected",
                "providers: [opanai]         | u.yaml:5: server.keys[0].providers[0]: `opanai` is not a configured provider",
                "requests-per-minute: 0      | u.yaml:5: server.keys[0].requests-per-minute: `0` is out of range",
                "tokens-per-minute: 1.5      | u.yaml:5: server.keys[0].tokens-per-minute: `1.5` is not a whole number",
                "max-concurrent-calls: many  | u.yaml:5: server.keys[0].max-concurrent-calls: `many` is not a whole number",
                "budget: 5                   | u.yaml:5: server.keys[0].budget: keys are expected here",
                "budget: {day: $5}           | u.yaml:5: server.keys[0].budget.day: `$5` is not an amount",
                "budget: {day: -1}           | u.yaml:5: server.keys[0].budget.day: `-1` is not an amount",
                "budget: {}                  | u.yaml:5: server.keys[0].budget: has no amount",
                "budget: {week: 5}           | u.yaml:5: server.keys[0].budget.week: unknown key",
                "expires: tomorrow           | u.yaml:5: server.keys[0].expires: `tomorrow` is neither a date",
                "expires: 2027-02-30         | u.yaml:5: server.keys[0].expires: `2027-02-30` is neither a date",
                "request-per-minute: 5       | u.yaml:5: server.keys[0].request-per-minute: unknown key"
            })
    void wrongSettingsAreProblemsWithTheirPlace(String limit, String problem) {
        assertThat(problems("server:\n  keys:\n    - key: a-plain-key\n      " + limit + "\n"))
                .anySatisfy(each -> assertThat(each).startsWith(problem));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt-5.1: {input: 1, output: 2}      | u.yaml:3: prices.\"gpt-5.1\": is not a target",
                "openai/m: {input: 1}                | u.yaml:3: prices.\"openai/m\": needs input and output",
                "openai/m: {input: free, output: 1}  | u.yaml:3: prices.\"openai/m\".input: `free` is not an amount",
                "openai/m: 5                         | u.yaml:3: prices.\"openai/m\": keys are expected here"
            })
    void wrongPricesToo(String price, String problem) {
        assertThat(problems("prices:\n  " + price + "\n"))
                .anySatisfy(each -> assertThat(each).startsWith(problem));
    }

    private static List<String> problems(String yaml) {
        try {
            read(yaml);
            return List.of();
        } catch (InvalidSettings invalid) {
            return invalid.problems().stream().map(Problem::toString).toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "openai/*, openai/gpt-5.1, true",
        "openai/*, openai/, true",
        "openai/*, openrouter/openai/x, false",
        "*, anything/at/all, true",
        "*-mini, gpt-5-mini, true",
        "*-mini, gpt-5-mini-2025, false",
        "a*b*c, aXbXbYc, true",
        "a*b*c, aXbXbY, false",
        "gpt-5.1, gpt-5.1, true",
        "gpt-5.1, gpt-5x1, false"
    })
    void patterns(String pattern, String name, boolean matches) {
        assertThat(NamePatterns.matches(pattern, name)).isEqualTo(matches);
    }

    @Test
    void secretsAreKeysAndHeadersThatLookLikeKeys() throws InvalidSettings {
        Settings settings = new SettingsReader(Environment.of(Map.of())).read("u.yaml", """
                server: {keys: [key-of-a-caller], admin-key: key-of-the-admin}
                providers:
                  openai:
                    api-key: [sk-first, sk-second]
                    headers:
                      X-Proxy-Authorization: Basic dXNlcjpwYXNz
                      X-Opaque: 0a1b2c3d4e5f60718293a4b5c6d7
                      OpenAI-Organization: org-0a1b2c3d4e5f60718293
                      X-Team: search
                """);
        assertThat(settings.secrets())
                .containsExactlyInAnyOrder(
                        "key-of-a-caller",
                        "key-of-the-admin",
                        "sk-first",
                        "sk-second",
                        "Basic",
                        "dXNlcjpwYXNz",
                        "0a1b2c3d4e5f60718293a4b5c6d7");
    }
}
