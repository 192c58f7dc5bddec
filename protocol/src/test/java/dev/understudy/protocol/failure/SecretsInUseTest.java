package dev.understudy.protocol.failure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.HeaderLookup;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys in use are found in every encoding that upstreams use, and nothing else is taken for one. */
class SecretsInUseTest {
    /** With characters that every encoding has to escape, and a prefix that a pattern would redact only in part. */
    private static final String KEY = "sk-a/b+c=1234%\"Zq-7";

    private SecretsInUse.Registration registration = SecretsInUse.Registration.NONE;

    @BeforeEach
    void register() {
        registration = SecretsInUse.register(List.of(KEY));
    }

    @AfterEach
    void close() {
        registration.close();
    }

    static List<String> encodings() {
        String url = URLEncoder.encode(KEY, UTF_8);
        String json = KEY.replace("\"", "\\\"").replace("/", "\\/");
        return List.of(
                KEY,
                url,
                URLEncoder.encode(url, UTF_8),
                json,
                json.replace("-", "\\u002d"),
                json.replace("\\", "\\\\"),
                KEY.replace("/", "%2f").replace("=", "%3d"),
                base64(KEY),
                base64("u" + KEY),
                base64("us" + KEY + "tail"),
                base64("user:" + KEY),
                base64("user:" + KEY).replace("/", "\\/"),
                URLEncoder.encode(base64("x:" + KEY), UTF_8),
                Base64.getUrlEncoder().encodeToString(("{\"k\":\"" + KEY + "\"}").getBytes(UTF_8)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void aKeyIsRedactedInEveryEncoding(String encoded) {
        String redacted = SecretsInUse.redact("before '" + encoded + "' after");
        assertThat(redacted).startsWith("before '").endsWith("' after").contains("[redacted]");
        // At most the characters at the ends of base64 that also depend on what stands beside the key.
        assertThat(redacted.length()).isLessThanOrEqualTo("before '[redacted]' after".length() + 24);
        assertThat(redacted).doesNotContain("1234").doesNotContain("Zq-7");
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void bodiesKeepTheirOtherBytes(String encoded) {
        byte[] body = ("{\"error\":{\"message\":\"ünknown " + encoded + " €\"}}").getBytes(UTF_8);
        String redacted = new String(SecretsInUse.redact(body), UTF_8);
        assertThat(redacted).startsWith("{\"error\":{\"message\":\"ünknown ").endsWith(" €\"}}");
        assertThat(redacted).contains("[redacted]").doesNotContain("1234");
    }

    @Test
    void aTextWithoutAKeyIsTheSameObject() {
        String text = "Incorrect key: sk-a/b+c=1234%\"Zq-8 \\u002d %2F";
        byte[] body = text.getBytes(UTF_8);
        assertThat(SecretsInUse.redact(text)).isSameAs(text);
        assertThat(SecretsInUse.redact(body)).isSameAs(body);
        assertThat(SecretsInUse.areIn(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\", "%", "%2", "\\u12", "\\u", "12345678", "%%%%%%%%%%%%\\\\\\"})
    void halfAnEscapeIsNone(String text) {
        assertThat(SecretsInUse.redact(text)).isEqualTo(text);
    }

    @Test
    void shortKeysAreNotSearched() {
        try (SecretsInUse.Registration words = SecretsInUse.register(List.of("ollama", "api-key"))) {
            assertThat(words).isSameAs(SecretsInUse.Registration.NONE);
            assertThat(SecretsInUse.redact("the api-key of ollama")).isEqualTo("the api-key of ollama");
        }
    }

    @Test
    void aKeyIsSearchedUntilItsLastRegistrationIsClosed() {
        SecretsInUse.Registration second = SecretsInUse.register(List.of(KEY));
        registration.close();
        registration.close();
        assertThat(SecretsInUse.areIn("x" + KEY)).isTrue();
        second.close();
        assertThat(SecretsInUse.areIn("x" + KEY)).isFalse();
    }

    @Test
    void aMessageIsRedactedBeforePatternsTakeAPart() {
        Failure failure = classified("{\"error\":{\"message\":\"Incorrect API key provided: "
                + KEY.replace("\"", "\\\"") + ".\",\"type\":\"x\",\"code\":\"" + KEY.replace("\"", "\\\"") + "\"}}");
        assertThat(failure.message()).isEqualTo("Incorrect API key provided: [redacted]");
        assertThat(failure.details().code()).isEqualTo("[redacted]");
    }

    @Test
    void aMessageThatIsCutEndsWithNoPartOfAKey() {
        String escaped = KEY.replace("\"", "\\\"");
        for (int before = 960; before < 1_010; before++) {
            String message = classified("{\"error\":{\"message\":\"" + "x".repeat(before) + escaped + "\"}}")
                    .message();
            assertThat(message).doesNotContain("sk-a");
        }
        // What is read of a message is limited too.
        for (int before = 7_970; before < 8_001; before++) {
            String message = classified("{\"error\":{\"message\":\""
                            + KEY.replace("\"", "\\\"").repeat(400).substring(0, before) + "\"}}")
                    .message();
            assertThat(message).doesNotContain("sk-a").doesNotContain("1234");
        }
    }

    private static Failure classified(String body) {
        return Classifier.classify(401, HeaderLookup.NONE, body.getBytes(UTF_8), 0);
    }

    @Test
    void membersOfAProvidersErrorAreRedacted() {
        byte[] error = "{\"error\":{\"message\":\"m\"}}".getBytes(UTF_8);
        String escaped = KEY.replace("\"", "\\\"");
        byte[] ofProvider = ("{\"error\":{\"message\":\"m\",\"" + escaped + "\":1,\"request\":{\"key\":\"" + escaped
                        + "\"}}}")
                .getBytes(UTF_8);
        String added = new String(ProviderError.addedTo(error, ofProvider), UTF_8);
        assertThat(added)
                .contains("\"[redacted]\":1")
                .contains("{\"key\":\"[redacted]\"}")
                .doesNotContain("1234");
    }

    @Test
    void manyKeysTakeNoLonger() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            keys.add("another-key-" + i * 7_919L);
        }
        try (SecretsInUse.Registration many = SecretsInUse.register(keys)) {
            assertThat(many).isNotNull();
            assertThat(SecretsInUse.redact("a " + keys.get(1_234) + " b")).isEqualTo("a [redacted] b");
            String text = "abcdefgh ".repeat(30_000);
            assertThat(SecretsInUse.redact(text)).isSameAs(text);
        }
    }
}
