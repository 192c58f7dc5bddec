package dev.understudy.protocol.options;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Credential;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeywordsOptionsTest {

    @Test
    void fallbackModelsAreAnOrderedList() throws BadRequest {
        Request request = Request.with("\"fallback_models\":[\"claude-3-5-sonnet-20240620\",\"gemini-1.5-pro-002\"]");
        assertThat(request.fallbacks()).containsExactly("claude-3-5-sonnet-20240620", "gemini-1.5-pro-002");
        assertThat(request.options().vocabulary()).isEqualTo("keywordsai");
        assertThat(request.sent()).isEqualTo("{\"model\":\"a\",\"messages\":[]}");
    }

    @Test
    void disableFallbackIsAWishForNone() throws BadRequest {
        assertThat(Request.with("\"fallback_models\":[\"b\"],\"disable_fallback\":true")
                        .fallbacks())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keywordsai_params", "respan_params"})
    void itsParametersMayStandInAnObject(String name) throws BadRequest {
        Request request = Request.with(
                "\"" + name + "\":{\"fallback_models\":[\"b\"],\"metadata\":{\"k\":1},\"customer_identifier\":\"u\"}");
        assertThat(request.fallbacks()).containsExactly("b");
        assertThat(request.options().logging()).isEqualTo(new FallbackOptions.LogOptions(false, "u", List.of("k=1")));
        assertThat(request.sent()).isEqualTo("{\"model\":\"a\",\"messages\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Data-Keywordsai-Params", "X-Data-Respan-Params", "X-Respan-Params"})
    void itsParametersMayStandInAHeader(String name) throws BadRequest {
        assertThat(Request.with("")
                        .header(name, base64("{\"fallback_models\":[\"b\"]}"))
                        .fallbacks())
                .containsExactly("b");
    }

    @Test
    void theTopGoesBeforeTheObjectAndThatBeforeTheHeader() throws BadRequest {
        String header = base64("{\"fallback_models\":[\"h\"],\"customer_identifier\":\"h\",\"disable_log\":true}");
        FallbackOptions options = Request.with("\"fallback_models\":[\"t\"],"
                        + "\"keywordsai_params\":{\"fallback_models\":[\"o\"],\"customer_identifier\":\"o\"}")
                .header("x-data-keywordsai-params", header)
                .options();
        assertThat(Request.names(options.fallbacks().orElseThrow())).containsExactly("t");
        assertThat(options.logging().customer()).isEqualTo("o");
        assertThat(options.logging().quiet()).isTrue();
    }

    @Test
    void aHeaderThatIsNotBase64OrNotJsonIsNamed() {
        assertThat(Request.with("").header("x-data-keywordsai-params", "%%%").refusal())
                .hasMessageContaining("is not base64");
        assertThat(Request.with("")
                        .header("x-data-keywordsai-params", base64("{"))
                        .refusal())
                .hasMessageContaining("x-data-keywordsai-params")
                .hasMessageContaining("JSON");
        assertThat(Request.with("")
                        .header("x-data-keywordsai-params", base64("[]"))
                        .refusal())
                .hasMessageContaining("must be an object");
    }

    @Test
    void retriesAreCountedAndSpacedInSeconds() throws BadRequest {
        FallbackOptions options = Request.with(
                        "\"retry_params\":{\"retry_enabled\":true,\"num_retries\":3,\"retry_after\":0.2}")
                .options();
        assertThat(options.retries()).isEqualTo(OptionalInt.of(3));
        assertThat(options.retryAfter()).contains(ofSeconds(1).dividedBy(5));
        assertThat(Request.with("\"retry_params\":{\"retry_enabled\":false,\"num_retries\":3}")
                        .options()
                        .retries())
                .isEqualTo(OptionalInt.of(0));
        assertThat(Request.with("\"retry_params\":{\"retry_after\":0}")
                        .options()
                        .retryAfter())
                .contains(ofSeconds(0));
    }

    @Test
    void exclusionsHoldForModelsAndProviders() throws BadRequest {
        assertThat(Request.with("\"exclude_models\":[\"b\"],\"exclude_providers\":[\"azure\"]")
                        .options()
                        .without())
                .containsExactly("b", "azure");
    }

    @Test
    void balancedModelsAreOrderedByWeight() throws BadRequest {
        String models = "[{\"model\":\"light\",\"weight\":0.2},{\"model\":\"heavy\",\"weight\":0.8,"
                + "\"credentials\":{\"api_key\":\"k\"}}]";
        for (String field : List.of(
                "\"load_balance_models\":" + models,
                "\"loadbalance_models\":" + models,
                "\"load_balance_group\":{\"models\":" + models + "}",
                "\"keywordsai_params\":{\"models\":" + models + "}")) {
            FallbackOptions options = Request.of("{\"messages\":[]," + field + ",\"fallback_models\":[\"last\"]}")
                    .options();
            assertThat(options.primary()).as(field).contains("heavy");
            assertThat(Request.names(options.fallbacks().orElseThrow()))
                    .as(field)
                    .containsExactly("light", "last");
            assertThat(options.credentials()).extracting(Credential::name).containsExactly("heavy");
        }
        assertThat(Request.with("\"load_balance_models\":" + models).fallbacks())
                .containsExactly("heavy", "light");
        assertThat(Request.with("\"load_balance_group\":{\"group_id\":\"g\"}")
                        .options()
                        .fallbacks())
                .isEmpty();
    }

    @Test
    void keysServeTheCallAndAreNeverShown() throws BadRequest {
        FallbackOptions options = Request.with("""
                "customer_credentials": {"openai": "sk-secret-1", "anthropic": {"api_key": "sk-secret-2"},
                    "azure": [{"api_key": "sk-secret-3", "weight": 1}, {"api_key": "sk-secret-4", "api_version": "v"}]},
                "credential_override": {"azure/gpt-4o": {"api_key": "sk-secret-5"}},
                "customer_api_keys": [{"provider": "mistral", "api_key": "sk-secret-6"}]""").options();
        assertThat(options.credentials())
                .extracting(key -> key.name() + " " + key.key())
                .containsExactly(
                        "openai sk-secret-1",
                        "anthropic sk-secret-2",
                        "azure sk-secret-3",
                        "azure sk-secret-4",
                        "mistral sk-secret-6",
                        "azure/gpt-4o sk-secret-5");
        assertThat(options.toString()).contains("azure/gpt-4o").doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"customer_credentials\":{\"openai\":{\"api_key\":[\"sk-secret\"]}}",
                "\"customer_credentials\":\"sk-secret\"",
                "\"credential_override\":{\"a\":\"\",\"b\":\"sk-secret\"}",
                "\"credential_override\":{\"a\":{\"api_key\":\"sk-secret\",\"api_base\":\"http://x\"}}"
            })
    void aComplaintAboutAKeyDoesNotShowIt(String said) {
        assertThat(Request.with(said).refusal().getMessage()).doesNotContain("secret");
    }

    @Test
    void anAddressIsTakenOnlyWhereTheOperatorAllowsIt() throws BadRequest {
        String said = "\"credential_override\":{\"azure/x\":{\"api_key\":\"k\",\"api_base\":\"http://internal\"}}";
        BadRequest refusal = Request.with(said).refusal();
        assertThat(refusal.details().code()).isEqualTo("upstream_url_not_allowed");
        assertThat(refusal.details().param()).isEqualTo("credential_override.azure/x.api_base");
        assertThat(refusal.getMessage()).doesNotContain("internal");
        assertThat(Request.with(said).allowingUrls().options().credentials())
                .containsExactly(new Credential("azure/x", "k", Optional.of("http://internal"), Optional.empty()));
    }

    @Test
    void whatOnlyItsServiceKnowsIsTakenAway() throws BadRequest {
        assertThat(Request.with("\"cache_enabled\":true,\"thread_identifier\":\"t\",\"request_breakdown\":true,"
                                + "\"customer_params\":{\"customer_identifier\":7},\"metadata\":{\"a\":1}")
                        .sent())
                .isEqualTo("{\"model\":\"a\",\"messages\":[], \"metadata\":{\"a\":1}}");
    }

    private static String base64(String json) {
        return Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
    }
}
