package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Providers who speak languages of their own: where they are, how they are shown who asks, what is corrected of them. */
class VendorsConfigurationTest {

    private static Settings read(Map<String, String> environment, String yaml) throws InvalidSettings {
        return new SettingsReader(Environment.of(environment)).read("test.yaml", yaml);
    }

    private static ProviderSettings provider(String yaml) throws InvalidSettings {
        return read(Map.of(), "providers: { " + yaml + " }")
                .providers()
                .values()
                .iterator()
                .next();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: { dialect: anthropic, base-url: 'http://h:1', api-key: k } | MESSAGES | http://h:1/v1/messages",
                "a: { dialect: anthropic, base-url: 'http://h:1/x/v1', api-key: k } | MESSAGES | http://h:1/x/v1/messages",
                "a: { dialect: gemini, base-url: 'http://h:1', api-key: k } | GEMINI | http://h:1/v1beta/models/m:streamGenerateContent?alt=sse",
                "a: { dialect: gemini, base-url: 'http://h:1/v1', api-key: k } | GEMINI | http://h:1/v1/models/m:streamGenerateContent?alt=sse",
                "a: { dialect: bedrock, region: eu-west-1 } | CONVERSE | https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse-stream",
                "a: { dialect: openai-responses, base-url: 'http://h:1/v1', api-key: k } | RESPONSES | http://h:1/v1/responses",
                "a: { base-url: 'http://h:1/v1', api-key: k } | EMBEDDINGS | http://h:1/v1/embeddings",
            })
    void eachHasItsOwnAddress(String yaml, Api api, String address) throws InvalidSettings {
        assertThat(provider(yaml).address(api, "m", true)).isEqualTo(URI.create(address));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: { dialect: anthropic, base-url: 'http://h:1', api-key: k } | X_API_KEY",
                "a: { dialect: gemini, base-url: 'http://h:1', api-key: k } | GOOGLE",
                "a: { dialect: bedrock, region: us-east-1 } | AWS",
                "a: { dialect: bedrock, region: us-east-1, api-key: k } | BEARER",
                "a: { dialect: azure, base-url: 'http://h:1', api-key: k } | HEADER",
                "a: { dialect: openai-responses, base-url: 'http://h:1', auth: none } | NONE",
            })
    void eachGetsTheKeyInItsOwnHeader(String yaml, AuthStyle style) throws InvalidSettings {
        assertThat(provider(yaml).authStyle()).isEqualTo(style);
    }

    @Test
    void theFirstKeyIsUsedAndTheOthersStandBy() throws InvalidSettings {
        ProviderSettings several = provider("openai: { api-key: [one, two, three] }");
        assertThat(several.apiKey().map(Credential::reveal)).contains("one");
        assertThat(several.furtherKeys().stream().map(Credential::reveal)).containsExactly("two", "three");
    }

    @Test
    void anAddressOfOpenAisTranslationIsSpokenToInOpenAis() throws InvalidSettings {
        String compatible = "https://generativelanguage.googleapis.com/v1beta/openai";
        assertThat(provider("gemini: { api-key: k, base-url: '" + compatible + "/' }")
                        .dialect())
                .isEqualTo(ProviderDialect.OPENAI);
        assertThat(provider("gemini: { api-key: k }").dialect()).isEqualTo(ProviderDialect.GEMINI);
    }

    @Test
    void onlyOpenAiItselfHasResponsesByDefault() throws InvalidSettings {
        assertThat(provider("openai: { api-key: k }").has(Api.RESPONSES)).isTrue();
        assertThat(provider("other: { base-url: 'http://h:1', auth: none }").has(Api.RESPONSES))
                .isFalse();
        assertThat(provider("other: { base-url: 'http://h:1', auth: none, responses: true }")
                        .apiFor(Api.RESPONSES))
                .contains(Api.RESPONSES);
    }

    @Test
    void bedrockIsThereByItselfOnlyWithAKeyAndARegion() throws InvalidSettings {
        Map<String, String> both = Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_REGION", "us-west-2");
        assertThat(new SettingsReader(Environment.of(both)).withoutFile().providers())
                .containsOnlyKeys("bedrock");
        Map<String, String> keyOnly = Map.of("AWS_ACCESS_KEY_ID", "AKID", "OPENAI_API_KEY", "k");
        assertThat(new SettingsReader(Environment.of(keyOnly)).withoutFile().providers())
                .containsOnlyKeys("openai");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bedrock: {} | has no region; write one such as us-east-1, or set AWS_REGION or AWS_DEFAULT_REGION",
                "bedrock: { region: nowhere } | `nowhere` is not an AWS region; write one such as us-east-1",
                "gemini: { service-account: /there/is/none } | `/there/is/none` is not a readable file",
                "openai: { api-key: [] } | this list of keys is empty",
                "openai: { api-key: [k, k] } | this key is in the list already",
                "openai: { api-key: k, caller-urls: ['no url'] } | `no url`",
            })
    void mistakesAreReportedWithTheNextStep(String yaml, String problem) {
        InvalidSettings broken = catchThrowableOfType(InvalidSettings.class, () -> provider(yaml));
        assertThat(broken.problems())
                .anySatisfy(each -> assertThat(each.toString()).contains(problem));
    }

    @Test
    void whatIsKnownOfAModelCanBeCorrected() throws InvalidSettings {
        Settings settings = read(Map.of(), """
                providers: { p: { base-url: "http://h:1/v1", auth: none } }
                models:
                  m:
                    targets:
                      - { target: p/x, images: false, tools: true, max-output: 100, json-schema: false, thinking: budget }
                """);
        var stated = settings.models().get("m").targets().getFirst().stated();
        assertThat(stated.images()).isEqualTo(Can.NO);
        assertThat(stated.tools()).isEqualTo(Can.YES);
        assertThat(stated.schema()).isEqualTo(Can.NO);
        assertThat(stated.audio()).isEqualTo(Can.UNKNOWN);
        assertThat(stated.maxOutput()).hasValue(100);
    }
}
