package dev.understudy.calls.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.Api;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CapabilityFilterTest {

    private static CapabilityFilter of(Api api, String members) throws BadRequest {
        return new CapabilityFilter(
                CallerRequest.read(api.dialect(), ("{\"model\":\"m\"," + members + "}").getBytes(UTF_8)));
    }

    private static ModelCapabilities with(Can images, Can documents, Can audio, Can tools, int window) {
        return ModelCapabilities.builder()
                .contextWindow(window == 0 ? OptionalInt.empty() : OptionalInt.of(window))
                .images(images)
                .documents(documents)
                .audio(audio)
                .tools(tools)
                .build();
    }

    private static final ModelCapabilities NOTHING = with(Can.NO, Can.NO, Can.NO, Can.NO, 0);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CHAT|\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x/y\"}}]}]|lacks_images",
                "CHAT|\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA==\",\"format\":\"wav\"}}]}]|lacks_audio",
                "CHAT|\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]|lacks_tools",
                "RESPONSES|\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"https://x/y\"}]}]|lacks_images",
                "MESSAGES|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"https://x/y\"}}]}]|lacks_images",
                "MESSAGES|\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"AA==\"}}]}]|lacks_documents",
                "GEMINI|\"contents\":[{\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}}]}]|lacks_images",
                "CONVERSE|\"messages\":[{\"role\":\"user\",\"content\":[{\"image\":{\"format\":\"png\",\"source\":{\"bytes\":\"AA==\"}}}]}]|lacks_images"
            })
    void whatAModelCertainlyLacksIsNamed(Api api, String members, String lacking) throws BadRequest {
        assertThat(of(api, members).lackedBy(NOTHING)).contains(lacking);
        assertThat(of(api, members).lackedBy(ModelCapabilities.UNKNOWN))
                .as("what is not known is tried")
                .isEmpty();
    }

    @Test
    void wordsAreForEverybody() throws BadRequest {
        assertThat(of(Api.CHAT, "\"messages\":[{\"role\":\"user\",\"content\":\"an image_url of tools\"}]")
                        .lackedBy(NOTHING))
                .isEmpty();
    }

    @Test
    void aPromptThatCertainlyDoesNotFitIsNotTried() throws BadRequest {
        String prompt = "\"messages\":[{\"role\":\"user\",\"content\":\"" + "many words ".repeat(1_000) + "\"}]";
        CapabilityFilter suitability = of(Api.CHAT, prompt);
        assertThat(suitability.lackedBy(with(Can.UNKNOWN, Can.UNKNOWN, Can.UNKNOWN, Can.UNKNOWN, 500)))
                .contains("context_too_small");
        assertThat(suitability.lackedBy(with(Can.UNKNOWN, Can.UNKNOWN, Can.UNKNOWN, Can.UNKNOWN, 8_000)))
                .isEmpty();
    }

    /** The size of a picture is not that of its tokens. */
    @Test
    void mediaDoNotCountAsText() throws BadRequest {
        String image = "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":"
                + "\"data:image/png;base64," + "QUJD".repeat(50_000) + "\"}}]}]";
        assertThat(of(Api.CHAT, image).lackedBy(with(Can.YES, Can.YES, Can.YES, Can.YES, 8_000)))
                .isEmpty();
    }
}
