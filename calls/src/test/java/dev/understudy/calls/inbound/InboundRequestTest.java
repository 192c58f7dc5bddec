package dev.understudy.calls.inbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.config.Api;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limit of a body is the configured one, whichever reader the request needs. */
class InboundRequestTest {
    /** More than the 100 MiB that were a limit of their own once. */
    private static final int LARGE = 101 << 20;

    private static final BodyLimits CONFIGURED = BodyLimits.ofSize(300_000_000);

    private static byte[] padded(String before, String after) {
        byte[] body = new byte[LARGE];
        Arrays.fill(body, (byte) 'x');
        System.arraycopy(before.getBytes(ISO_8859_1), 0, body, 0, before.length());
        System.arraycopy(after.getBytes(ISO_8859_1), 0, body, LARGE - after.length(), after.length());
        return body;
    }

    private static InboundRequest json(Api api, Optional<String> model) {
        byte[] body = padded(
                "{\"model\":\"m\",\"max_tokens\":9,\"contents\":[],\"input\":[],\"messages\":[],\"user\":\"", "\"}");
        return new InboundRequest(api, model, false, "application/json", InboundRequest.Forwarded.NOTHING, body);
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "RESPONSES", "MESSAGES", "EMBEDDINGS"})
    void largeBodyIsReadIfTheConfigurationAllowsIt(Api api) throws BadRequest {
        assertThat(json(api, Optional.empty()).request(CONFIGURED).model()).contains("m");
    }

    @ParameterizedTest
    @EnumSource(names = {"GEMINI", "CONVERSE"})
    void largeBodyWhoseModelIsInThePathIsReadToo(Api api) throws BadRequest {
        assertThat(json(api, Optional.of("named")).request(CONFIGURED).model()).contains("named");
    }

    @Test
    void largeFormIsReadToo() throws BadRequest {
        byte[] body = padded(
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b\r\nContent-Disposition: form-data;"
                        + " name=\"file\"; filename=\"a.wav\"\r\n\r\n",
                "\r\n--b--\r\n");
        InboundRequest form = new InboundRequest(
                Api.TRANSCRIPTIONS,
                Optional.empty(),
                false,
                "multipart/form-data; boundary=b",
                InboundRequest.Forwarded.NOTHING,
                body);
        assertThat(form.request(CONFIGURED).model()).contains("m");
    }

    @Test
    void bodyBeyondTheLimitIsRejected() {
        assertThatThrownBy(() -> json(Api.CHAT, Optional.empty()).request(BodyLimits.ofSize(1_000_000)))
                .isInstanceOfSatisfying(
                        BadRequest.class, bad -> assertThat(bad.status()).isEqualTo(413));
    }
}
