package dev.understudy.protocol.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.model.ModelTable;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes is read, or refused in the declared way. */
class GeminiFuzzTest {
    private static final int ROUNDS = 4_000;
    private static final List<String> PIECES =
            List.of("null", "{}", "[]", "\"\"", "-1", "1e400", "true", "\"x\"", "[{}]", "{\"a\":[null]}", "\\ud800");

    private static final String REQUEST = """
            {"systemInstruction":{"parts":[{"text":"a"}]},"contents":[{"role":"model","parts":[{"text":"b",
            "thought":true,"thoughtSignature":"s"},{"functionCall":{"id":"i","name":"f","args":{"a":[1]}}},
            {"inlineData":{"mimeType":"image/png","data":"aGk="}},{"fileData":{"fileUri":"https://x"}}]},
            {"parts":[{"functionResponse":{"name":"f","response":{"error":"e"},"parts":[{"inlineData":{}}]}}]}],
            "tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"a":{"type":
            "STRING","nullable":true,"enum":["x"]}},"anyOf":[{}],"minItems":"3"}}],"googleSearch":{}}],
            "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},
            "generationConfig":{"temperature":0.5,"stopSequences":["a"],"seed":1,"candidateCount":2,
            "responseMimeType":"application/json","responseSchema":{"type":"OBJECT"},
            "thinkingConfig":{"thinkingBudget":1,"thinkingLevel":"low"}},"labels":{"a":"b"},"safetySettings":[1]}
            """;

    private static final String RESPONSE = """
            {"candidates":[{"content":{"parts":[{"text":"a"},{"text":"b","thought":true,"thoughtSignature":"s"},
            {"functionCall":{"name":"f","partialArgs":[{"jsonPath":"$.a[0].b","stringValue":"x"},
            {"jsonPath":"$['q']","numberValue":1}],"willContinue":true}},{"functionCall":{"args":{"a":1}}},
            {"executableCode":{"code":"1"}},{"inlineData":{"mimeType":"image/png","data":"aGk"}}]},"finishReason":"STOP",
            "index":1,"groundingMetadata":{"groundingChunks":[{"web":{"uri":"u","title":"t"}}],"groundingSupports":[
            {"segment":{"text":"a"},"groundingChunkIndices":[0]}]},"logprobsResult":{"topCandidates":[{"candidates":[
            {"token":"a","logProbability":-1}]}],"chosenCandidates":[{"token":"a","logProbability":-1}]}}],
            "promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":1,"thoughtsTokenCount":2},
            "modelVersion":"m","responseId":"r","createTime":"2026-01-01T00:00:00Z"}
            """;

    /** Cuts something out, puts something in, or doubles something. */
    private static byte[] mutated(Random random, String json) {
        StringBuilder text = new StringBuilder(json);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int from = random.nextInt(text.length());
            int to = Math.min(text.length(), from + random.nextInt(12));
            switch (random.nextInt(3)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
                default -> value(random, text);
            }
        }
        return text.toString().getBytes(UTF_8);
    }

    /** Another value behind some colon, which leaves the JSON whole more often than not. */
    private static void value(Random random, StringBuilder text) {
        int colon = text.indexOf(":", random.nextInt(text.length()));
        if (colon >= 0) {
            int end = colon + 1;
            while (end < text.length() && ",}]".indexOf(text.charAt(end)) < 0) {
                end++;
            }
            text.replace(colon + 1, end, PIECES.get(random.nextInt(PIECES.size() - 1)));
        }
    }

    @Test
    void requestsAreReadAndWrittenOrRefused() {
        GeminiDialect gemini = new GeminiDialect();
        Random random = new Random(7);
        int written = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] body = mutated(random, REQUEST);
            try {
                byte[] again = gemini.writeRequest(
                                gemini.readRequest(body, false),
                                "gemini-3-pro-preview",
                                ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf("gemini-3-pro-preview")))
                        .body();
                assertThat(Json.of(again).isObject()).isTrue();
                written++;
            } catch (BadRequest | UntranslatableRequest refused) {
                assertThat(refused).hasMessageNotContaining("Exception");
            }
        }
        assertThat(written).isPositive();
    }

    @Test
    void answersAndStreamsAreReadAndWrittenOrRefused() {
        GeminiDialect gemini = new GeminiDialect();
        Random random = new Random(11);
        RequestContext context = new RequestContext(new byte[0], true, 0);
        int written = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] body = mutated(random, RESPONSE);
            StreamReader reader = gemini.streamReader();
            StreamWriter writer = gemini.streamWriter(context, Optional.empty());
            ByteArrayOutputStream to = new ByteArrayOutputStream();
            reader.read(new Frame("", false, body, 0, body.length), event -> writer.write(event, to));
            reader.read(new Frame("", false, body, 0, body.length), event -> writer.write(event, to));
            try {
                assertThat(Json.of(gemini.writeAnswer(gemini.readAnswer(body, 0, body.length), context))
                                .isObject())
                        .isTrue();
                written++;
            } catch (InvalidAnswer refused) {
                assertThat(refused.failure().message()).isNotNull();
            }
        }
        assertThat(written).isPositive();
    }
}
