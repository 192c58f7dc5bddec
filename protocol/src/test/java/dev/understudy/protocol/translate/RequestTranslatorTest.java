package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestTranslatorTest {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final Dialect ANTHROPIC = new AnthropicDialect();
    private static final Dialect GEMINI = new GeminiDialect();

    private static final String ASK =
            "{\"model\":\"m\", \"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"Count\"}]%s}";

    private static RequestTranslator chat(String further) throws Exception {
        return new RequestTranslator(
                CallerRequest.read(CHAT, ASK.formatted(further).getBytes(UTF_8)));
    }

    private static JsonNode tree(WrittenRequest written) {
        return JsonTrees.of(new String(written.body(), UTF_8));
    }

    @Test
    void sameDialectSameBytes() throws Exception {
        WrittenRequest written =
                chat(",\"x\":1.10,\"fallbacks\":[\"a\"]").to(CHAT, "real", ModelCapabilities.UNKNOWN, List.of());
        assertThat(new String(written.body(), UTF_8))
                .isEqualTo(ASK.formatted(",\"x\":1.10").replace("\"m\"", "\"real\""));
        assertThat(written.warnings()).isEmpty();
    }

    @Test
    void anotherDialectGetsTheSameContentAndWarnings() throws Exception {
        WrittenRequest written =
                chat(",\"logit_bias\":{\"1\":2}").to(ANTHROPIC, "claude", ModelCapabilities.UNKNOWN, List.of());
        assertThat(tree(written).path("model").asText()).isEqualTo("claude");
        assertThat(tree(written).path("max_tokens").asInt()).isEqualTo(100);
        assertThat(written.warnings()).anySatisfy(warning -> assertThat(warning).startsWith("logit_bias"));
    }

    @Test
    void anUntranslatableRequestIsAFailureOfThatTarget() throws Exception {
        RequestTranslator requestTranslator = chat(",\"n\":3");
        var cannot = catchThrowableOfType(
                UntranslatableRequest.class,
                () -> requestTranslator.to(ANTHROPIC, "claude", ModelCapabilities.UNKNOWN, List.of()));
        assertThat(cannot.failure().kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(cannot.failure().details().param()).isEqualTo("n");
        assertThat(requestTranslator
                        .to(CHAT, "real", ModelCapabilities.UNKNOWN, List.of())
                        .body())
                .as("others can still be tried")
                .isNotEmpty();
    }

    @Test
    void aContinuationShowsTheAnswerSoFarAndLeavesRoomForTheRest() throws Exception {
        Continuation answer = new Continuation("One, two,", 40);
        JsonNode prefilled = tree(chat("").continuation(
                        answer, ContinuationForm.PREFILL, ANTHROPIC, "claude", ModelCapabilities.UNKNOWN, List.of()));
        assertThat(prefilled.path("max_tokens").asInt()).isEqualTo(60);
        assertThat(prefilled.path("messages")).hasSize(2);
        assertThat(prefilled.path("messages").path(1).path("role").asText()).isEqualTo("assistant");
        assertThat(prefilled.path("messages").path(1).toString()).contains("One, two,");

        JsonNode turned = tree(chat("").continuation(
                        answer, ContinuationForm.TURN, GEMINI, "g", ModelCapabilities.UNKNOWN, List.of()));
        assertThat(turned.path("contents")).hasSize(3);
        assertThat(turned.path("contents").path(1).path("role").asText()).isEqualTo("model");
        assertThat(turned.path("contents").path(2).path("role").asText()).isEqualTo("user");
        assertThat(turned.path("generationConfig").path("maxOutputTokens").asInt())
                .isEqualTo(60);
    }

    @Test
    void chatTargetsGoOnAlsoForCallersOfOtherDialects() throws Exception {
        RequestTranslator requestTranslator = new RequestTranslator(CallerRequest.read(
                GEMINI,
                "{\"contents\":[{\"parts\":[{\"text\":\"Count\"}]}],\"generationConfig\":{\"maxOutputTokens\":50}}"
                        .getBytes(UTF_8),
                "chain",
                true));
        JsonNode body = tree(requestTranslator.continuation(
                new Continuation("One,", 10),
                ContinuationForm.PREFILL,
                CHAT,
                "real",
                ModelCapabilities.UNKNOWN,
                List.of()));
        assertThat(body.path("model").asText()).isEqualTo("real");
        assertThat(body.path("stream").asBoolean()).isTrue();
        assertThat(body.path("messages").path(1).path("content").asText()).isEqualTo("One,");
        assertThat(body.toString()).contains(":40");
    }
}
