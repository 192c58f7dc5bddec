package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.passthrough.PassThroughDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.multipart.MultipartForm;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.OptionsPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerRequestTest {
    private static final String CONTENTS = "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]";

    private static CallerRequest gemini(String members, boolean stream) throws BadRequest {
        return CallerRequest.read(new GeminiDialect(), ("{" + members + "}").getBytes(UTF_8), "named", stream);
    }

    private static FallbackOptions options(CallerRequest request) throws BadRequest {
        return request.options(HeaderLookup.NONE, new OptionsPolicy(false));
    }

    @Test
    void modelAndStreamAreTakenFromThePathWhereBodiesLackThem() throws BadRequest {
        CallerRequest request = gemini(CONTENTS, true);
        assertThat(request.model()).contains("named");
        assertThat(request.stream()).isTrue();
        assertThat(gemini(CONTENTS, false).stream()).isFalse();
        assertThat(new String(request.bodyFor("real", List.of()), UTF_8))
                .as("the model is no member of the body")
                .isEqualTo("{" + CONTENTS + "}");
    }

    @Test
    void optionsAreReadInEveryDialectAndNotSentUpstream() throws BadRequest {
        CallerRequest request = gemini(CONTENTS + ",\"fallbacks\":[\"two/b\"]", false);
        assertThat(options(request).fallbacks().orElseThrow()).hasSize(1);
        assertThat(new String(request.bodyFor("real", List.of()), UTF_8)).isEqualTo("{" + CONTENTS + "}");
    }

    /** Anthropic has a field of that name that means something else. */
    @Test
    void whatADialectHasOfItsOwnIsNoWish() throws BadRequest {
        String body = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[],\"fallbacks\":[{\"model\":\"x\"}]}";
        CallerRequest request = CallerRequest.read(new AnthropicDialect(), body.getBytes(UTF_8));
        assertThat(options(request).fallbacks()).isEmpty();
        assertThat(new String(request.bodyFor("m", List.of()), UTF_8)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":5,\"messages\":[]}",
                "{\"model\":\" \",\"messages\":[]}",
                "{\"model\":\"a\",\"messages\":[],\"model\":\"b\"}",
                "[]",
                "",
                "{\"model\":\"a\""
            })
    void whatNamesNoModelIsRefused(String body) {
        assertThatThrownBy(() -> CallerRequest.read(new OpenAiDialect(), body.getBytes(UTF_8)))
                .isInstanceOf(BadRequest.class);
    }

    @Test
    void aModelHasToBeNamed() throws BadRequest {
        CallerRequest request = CallerRequest.read(new OpenAiDialect(), "{\"messages\":[]}".getBytes(UTF_8));
        assertThatThrownBy(() -> options(request)).hasMessageContaining("model");
    }

    @Test
    void countsInStreamsAreForThoseWhoAskForThem() throws BadRequest {
        String asked = "{\"model\":\"m\",\"messages\":[],\"stream_options\":%s}";
        for (String options : List.of("{\"include_usage\":false}", "{}", "null", "5", "{\"include_usage\":1}")) {
            assertThat(CallerRequest.read(
                                    new OpenAiDialect(),
                                    asked.formatted(options).getBytes(UTF_8))
                            .context()
                            .usageInStream())
                    .as(options)
                    .isFalse();
        }
        assertThat(CallerRequest.read(
                                new OpenAiDialect(),
                                asked.formatted("{\"include_usage\":true}").getBytes(UTF_8))
                        .context()
                        .usageInStream())
                .isTrue();
    }

    private static String field(String name, String text) {
        return "--B\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n";
    }

    @Test
    void formsAreReadAsMembersAre() throws BadRequest {
        String kept = field("prompt", "{not json") + field("model", "one/a");
        String form = kept + field("fallbacks", "[\"two/b\"]") + field("stream", "true") + "--B--\r\n";
        CallerRequest request = CallerRequest.read(
                new PassThroughDialect("audio"),
                MultipartForm.read("multipart/form-data; boundary=B", form.getBytes(ISO_8859_1)));

        assertThat(request.model()).contains("one/a");
        assertThat(request.stream()).isTrue();
        assertThat(options(request).fallbacks().orElseThrow()).hasSize(1);
        assertThat(new String(request.bodyFor("real", List.of()), ISO_8859_1))
                .isEqualTo(kept.replace("one/a", "real") + field("stream", "true") + "--B--\r\n");
    }
}
