package dev.understudy.gateway.contents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.ContentsSettings.Personal;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.options.AnswerPattern;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final Redaction USUAL = new Redaction(Set.of(), Set.of());
    private static final Redaction PERSONAL =
            new Redaction(Set.of(Personal.EMAILS, Personal.CARD_NUMBERS), Set.of(AnswerPattern.of("CUST-[0-9]{4}")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-abcdef0123456789",
                "sk-understudy-0123456789abcdef",
                "AKIAIOSFODNN7EXAMPLE",
                "ghp_0123456789abcdefghijABCDEFGHIJ",
                "github_pat_0123456789abcdefghij_ABCDEFGHIJ",
                "xoxb-0123456789-abcdef",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
                "-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA\\n-----END RSA PRIVATE KEY-----"
            })
    void whatLooksLikeAKeyIsRedacted(String key) {
        assertThat(USUAL.of("{\"content\":\"my key is " + key + "\"}", false))
                .isEqualTo("{\"content\":\"my key is [redacted]\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"password\": \"VALUE\"}",
                "{\"text\":\"{\\\"password\\\": \\\"VALUE\\\"}\"}",
                "Authorization: Bearer VALUE",
                "client_secret=VALUE&x=1",
                "\"x-api-key\":\"VALUE\""
            })
    void aValueThatIsNamedAsASecretIsRedacted(String text) {
        assertThat(USUAL.of(text.replace("VALUE", "hunter2hunter2"), false))
                .isEqualTo(text.replace("VALUE", "[redacted]"));
    }

    @Test
    void keysInUseAreRedactedAsTheyAreAndAtTheCutEnd() {
        try (SecretsInUse.Registration keys = SecretsInUse.register(List.of("plain words of a key"))) {
            assertThat(keys).isNotNull();
            assertThat(USUAL.of("it is plain words of a key.", false)).isEqualTo("it is [redacted].");
            assertThat(USUAL.of("it is plain words of", true)).isEqualTo("it is [redacted]");
            assertThat(USUAL.of("it is plain words of", false)).isEqualTo("it is plain words of");
        }
    }

    @Test
    void aPrivateKeyThatIsCutIsRedactedToTheEnd() {
        assertThat(USUAL.of("key: -----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA", true))
                .isEqualTo("key: [redacted]");
    }

    @Test
    void dataOfPeopleAreRedactedWhereThatIsConfigured() {
        String text =
                "ann.o'x jürgen@müller.example, card 4111 1111 1111 1111 or 4111-1111-1111-1112, CUST-1234, 0.4111111111111111";

        assertThat(USUAL.of(text, false)).isEqualTo(text);
        assertThat(PERSONAL.of(text, false))
                .isEqualTo(
                        "ann.o'x [redacted], card [redacted] or 4111-1111-1111-1112, [redacted], 0.4111111111111111");
    }

    @Test
    void ordinaryTextStays() {
        String text =
                "The secret of success: work. password reset? at 12:30 @home 1732982400000, key=value, \"role\":\"user\"";
        assertThat(PERSONAL.of(text, false)).isEqualTo(text);
    }

    /** The texts are those on which backtracking takes longest. */
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a.", "4", "4 ", "-----BEGIN PRIVATE KEY-----", "password:", "eyJ", "a@", "@a.", "\\", "sk-"
            })
    void theTimeIsLinearInTheText(String unit) {
        String text = unit.repeat(65_536 / unit.length());
        PERSONAL.of(text, true);
        long began = System.nanoTime();
        PERSONAL.of(text, true);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }
}
