package dev.understudy.protocol.options;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request as a caller sends it, with what a test wants to know of it. */
final class Request {
    private final String body;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private OptionsPolicy policy = OptionsPolicy.STRICT;

    private Request(String body) {
        this.body = body;
    }

    /** A body with a model, a message and these members. */
    static Request with(String members) {
        return new Request("{\"model\":\"a\",\"messages\":[]" + (members.isEmpty() ? "" : ", " + members) + "}");
    }

    static Request of(String body) {
        return new Request(body);
    }

    Request header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    Request allowingUrls() {
        policy = new OptionsPolicy(true);
        return this;
    }

    FallbackOptions options() throws BadRequest {
        HeaderLookup lookup = name -> {
            assertThat(FallbackOptionsReader.mayHaveOptions(name)).as(name).isTrue();
            return Optional.ofNullable(headers.get(name.toUpperCase(Locale.ROOT)));
        };
        return CallerRequest.read(new OpenAiDialect(), body.getBytes(UTF_8)).options(lookup, policy);
    }

    /** The names of the fallbacks. */
    List<String> fallbacks() throws BadRequest {
        return names(options().fallbacks().orElseThrow());
    }

    static List<String> names(List<FallbackOptions.Fallback> fallbacks) {
        return fallbacks.stream().map(FallbackOptions.Fallback::model).toList();
    }

    /** What goes upstream, to the same model. */
    String sent() throws BadRequest {
        return new String(
                CallerRequest.read(new OpenAiDialect(), body.getBytes(UTF_8)).bodyFor("a", List.of()), UTF_8);
    }

    BadRequest refusal() {
        BadRequest refusal = catchThrowableOfType(BadRequest.class, this::options);
        assertThat(refusal).as(body).isNotNull();
        assertThat(refusal.status()).isEqualTo(400);
        return refusal;
    }
}
