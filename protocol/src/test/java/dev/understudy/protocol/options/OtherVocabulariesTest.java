package dev.understudy.protocol.options;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Override;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenRouter, Portkey and Vercel. */
class OtherVocabulariesTest {

    @Test
    void openRoutersModelsFollowTheModel() throws BadRequest {
        FallbackOptions options =
                Request.with("\"models\":[\"b\",\"c\"],\"route\":\"fallback\"").options();
        assertThat(options.primary()).isEmpty();
        assertThat(Request.names(options.fallbacks().orElseThrow())).containsExactly("b", "c");
        assertThat(options.vocabulary()).isEqualTo("openrouter");
    }

    @Test
    void openRoutersModelsMayTakeThePlaceOfTheModel() throws BadRequest {
        Request request = Request.of("{\"models\":[\"b\",\"c\"],\"messages\":[]}");
        assertThat(request.options().primary()).contains("b");
        assertThat(request.fallbacks()).containsExactly("c");
        assertThat(request.sent()).isEqualTo("{\"messages\":[],\"model\":\"a\"}");
        assertThat(Request.of("{\"models\":[],\"messages\":[]}")
                        .refusal()
                        .details()
                        .param())
                .isEqualTo("model");
    }

    @Test
    void openRoutersProviderConfinesTheCall() throws BadRequest {
        Request request = Request.with("\"provider\":{\"order\":[\"x\",\"y\"],\"ignore\":[\"z\"],\"sort\":\"price\"}");
        assertThat(request.options().providerOrder()).containsExactly("x", "y");
        assertThat(request.options().without()).containsExactly("z");
        assertThat(request.options().only()).isEmpty();
        assertThat(request.options().fallbacks()).isEmpty();
        assertThat(request.sent()).doesNotContain("provider");
        assertThat(Request.with("\"provider\":{\"only\":[\"x\"]}").options().only())
                .containsExactly("x");
    }

    @Test
    void openRoutersCallersCanRefuseOtherProviders() throws BadRequest {
        FallbackOptions ordered = Request.with("\"provider\":{\"order\":[\"x\",\"y\"],\"allow_fallbacks\":false}")
                .options();
        assertThat(ordered.only()).containsExactly("x", "y");
        assertThat(ordered.fallbacks()).isEmpty();
        assertThat(Request.with("\"provider\":{\"allow_fallbacks\":false}").fallbacks())
                .isEmpty();
        assertThat(Request.with("\"provider\":{\"allow_fallbacks\":false},\"models\":[\"b\"]")
                        .fallbacks())
                .containsExactly("b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"models\":\"b\"",
                "\"models\":[7]",
                "\"provider\":\"x\"",
                "\"provider\":{\"order\":\"x\"}",
                "\"provider\":{\"allow_fallbacks\":\"no\"}"
            })
    void openRoutersWrongTypesAreNamed(String said) {
        assertThat(Request.with(said).refusal().details().param()).startsWith(said.substring(1, said.indexOf('"', 1)));
    }

    @Test
    void vercelsGatewayOptionsAreRead() throws BadRequest {
        Request request = Request.with("\"providerOptions\":{\"anthropic\":{},\"gateway\":"
                + "{\"models\":[\"b\",\"c\"],\"order\":[\"x\"],\"only\":[\"x\",\"y\"]}}");
        assertThat(request.fallbacks()).containsExactly("b", "c");
        assertThat(request.options().vocabulary()).isEqualTo("vercel");
        assertThat(request.options().providerOrder()).containsExactly("x");
        assertThat(request.options().only()).containsExactly("x", "y");
        assertThat(request.sent()).isEqualTo("{\"model\":\"a\",\"messages\":[]}");
        assertThat(Request.with("\"providerOptions\":{\"anthropic\":{}}").options())
                .isEqualTo(FallbackOptions.NONE);
        assertThat(Request.with("\"providerOptions\":{\"gateway\":[]}")
                        .refusal()
                        .details()
                        .param())
                .isEqualTo("providerOptions.gateway");
    }

    @Test
    void portkeysTargetsBecomeTheChain() throws BadRequest {
        FallbackOptions options = portkey("""
                {"strategy": {"mode": "fallback"}, "retry": {"attempts": 3}, "request_timeout": 9000, "targets": [
                  {"provider": "openai", "request_timeout": 2500, "override_params": {"temperature": 0.10}},
                  {"strategy": {"mode": "loadbalance"}, "targets": [
                    {"virtual_key": "light", "weight": 0.1, "override_params": {"model": "m"}},
                    {"virtual_key": "@heavy", "weight": 0.9, "overrideParams": {"model": "m"}, "api_key": "k"}]},
                  {"strategy": {"mode": "single"}, "targets": [{"provider": "x"}, {"provider": "never"}]}]}""").options();
        assertThat(options.vocabulary()).isEqualTo("portkey");
        assertThat(options.primary()).contains("openai/a");
        assertThat(options.primaryTimeout()).contains(ofMillis(2500));
        assertThat(options.primaryOverrides()).containsExactly(new Override("temperature", "0.10"));
        assertThat(Request.names(options.fallbacks().orElseThrow())).containsExactly("heavy/m", "light/m", "x/a");
        assertThat(options.credentials())
                .extracting(FallbackOptions.Credential::name)
                .containsExactly("heavy/m");
        assertThat(options.retries()).isEqualTo(OptionalInt.of(3));
        assertThat(options.limits().attempt()).contains(ofSeconds(9));
    }

    @Test
    void portkeysTimeoutHeaderGoesBeforeItsConfiguration() throws BadRequest {
        assertThat(portkey("{\"request_timeout\":9000}")
                        .header("x-portkey-request-timeout", "1500")
                        .options()
                        .limits()
                        .attempt())
                .contains(ofMillis(1500));
    }

    @Test
    void aConfigurationWithoutTargetsLeavesTheModelAlone() throws BadRequest {
        FallbackOptions options = portkey("{\"retry\":{\"attempts\":1}}").options();
        assertThat(options.primary()).isEmpty();
        assertThat(options.fallbacks()).isEmpty();
        assertThat(options.vocabulary()).isEmpty();
    }

    @Test
    void portkeysStoredConfigurationsAreRejected() {
        assertThat(portkey("pc-fallback-1234").refusal()).hasMessageContaining("stored configuration");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"strategy\":{\"mode\":\"conditional\"},\"targets\":[{\"provider\":\"x\"}]}",
                "{\"targets\":{}}",
                "{\"targets\":[7]}",
                "{\"targets\":[{\"provider\":7}]}",
                "{\"targets\":[{\"provider\":\"x\",\"weight\":\"much\"}]}",
                "{\"targets\":[{\"provider\":\"x\",\"override_params\":[]}]}",
                "{\"request_timeout\":\"soon\"}",
                "{\"retry\":{\"attempts\":-1}}",
                "{"
            })
    void portkeysMistakesNameTheHeader(String config) {
        assertThat(portkey(config).refusal()).hasMessageContaining("x-portkey-config");
    }

    @Test
    void portkeysCustomHostIsRefused() {
        assertThat(portkey("{\"targets\":[{\"provider\":\"x\",\"custom_host\":\"http://x\"}]}")
                        .refusal()
                        .details()
                        .code())
                .isEqualTo("upstream_url_not_allowed");
        Request host = Request.with("").header("x-portkey-custom-host", "http://x");
        assertThat(host.refusal().details().code()).isEqualTo("upstream_url_not_allowed");
        assertThat(portkey("{\"custom_host\":\"http://x\"}").refusal().details().code())
                .isEqualTo("upstream_url_not_allowed");
        assertThat(portkey("{\"custom_host\":\"http://x\",\"targets\":[]}")
                        .refusal()
                        .details()
                        .code())
                .isEqualTo("upstream_url_not_allowed");
    }

    @Test
    void anAllowedCustomHostComesWithTheCredentials() throws BadRequest {
        assertThat(Request.with("")
                        .header("x-portkey-custom-host", "http://x")
                        .allowingUrls()
                        .options()
                        .credentials())
                .singleElement()
                .satisfies(key -> assertThat(key.url()).contains("http://x"));
    }

    private static Request portkey(String config) {
        return Request.with("").header("x-portkey-config", config.replace("\n", " "));
    }

    @Test
    void targetsOfPortkeyAreListedWithTheirOverrides() throws BadRequest {
        List<FallbackOptions.Fallback> fallbacks = portkey(
                        "{\"strategy\":{\"mode\":\"fallback\"},\"targets\":["
                                + "{\"provider\":\"x\"},{\"provider\":\"y\",\"override_params\":{\"model\":\"m\",\"top_p\":1}}]}")
                .options()
                .fallbacks()
                .orElseThrow();
        assertThat(fallbacks.getFirst().overrides()).containsExactly(new Override("top_p", "1"));
    }

    private static final String TWO = "\"targets\":[{\"provider\":\"x\"},{\"provider\":\"y\"}]";

    private static FallbackOptions portkeyOn(String codes, String rest) throws BadRequest {
        return portkey("{\"strategy\":{\"mode\":\"fallback\"" + codes + "}," + rest + "}")
                .options();
    }

    @Test
    void portkeysStatusesAreTheOnlyOnesThatContinueTheChain() throws BadRequest {
        FallbackOptions options = portkeyOn(",\"on_status_codes\":[429,503]", TWO);
        assertThat(options.fallbackStatuses()).containsExactlyInAnyOrder(429, 503);
        assertThat(options.fallbackOn()).isEmpty();
        assertThat(portkeyOn("", TWO).fallbackStatuses()).isEmpty();
        assertThat(portkeyOn(",\"on_status_codes\":[]", TWO).fallbackStatuses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"446", "400,429"})
    void portkeysStatusesOfFiltersMeanContentPolicy(String codes) throws BadRequest {
        assertThat(portkeyOn(",\"on_status_codes\":[" + codes + "]", TWO).fallbackOn())
                .contains(Set.of(FailureKind.CONTENT_POLICY));
    }

    @Test
    void statusesOfNestedStrategiesAreTakenTogether() throws BadRequest {
        String nested = "{\"strategy\":{\"mode\":\"fallback\",\"on_status_codes\":[446]}," + TWO + "}";
        FallbackOptions both =
                portkeyOn(",\"on_status_codes\":[429]", "\"targets\":[{\"provider\":\"z\"}," + nested + "]");
        assertThat(both.fallbackStatuses()).containsExactlyInAnyOrder(429, 446);
        assertThat(both.fallbackOn()).contains(Set.of(FailureKind.CONTENT_POLICY));

        FallbackOptions balanced = portkey("{\"strategy\":{\"mode\":\"loadbalance\"},\"targets\":[" + nested + "]}")
                .options();
        assertThat(balanced.fallbackStatuses()).containsExactly(446);

        FallbackOptions outerTakesAll = portkeyOn("", "\"targets\":[{\"provider\":\"z\"}," + nested + "]");
        assertThat(outerTakesAll.fallbackStatuses())
                .as("the outer strategy falls back on every status")
                .isEmpty();
        assertThat(outerTakesAll.fallbackOn()).contains(Set.of(FailureKind.CONTENT_POLICY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[99]", "[600]", "[\"soon\"]", "429", "[4.5]"})
    void statusesThatAreNoneAreNamed(String codes) {
        assertThat(portkey("{\"strategy\":{\"mode\":\"fallback\",\"on_status_codes\":" + codes + "}," + TWO + "}")
                        .refusal())
                .hasMessageContaining("x-portkey-config.strategy.on_status_codes");
    }
}
