package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Request bodies that clients have compressed. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompressedRequestTest {

    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s, max-body: 100KB}
                providers: {one: {base-url: "${ONE}", api-key: key-of-one}}
                models: {m: {targets: [one/m]}}
                """);
        gateway.one().answerAlways(Chats.answered("hi"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] compressed(String coding, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = switch (coding) {
            case "gzip", "x-gzip" -> new GZIPOutputStream(bytes);
            case "deflate" -> new DeflaterOutputStream(bytes);
            case "deflate without its header" -> new DeflaterOutputStream(bytes, new Deflater(9, true));
            default -> new ZstdOutputStream(bytes);
        }) {
            out.write(body);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private RawAnswer post(String coding, byte[] body) {
        try (RawCaller caller = gateway.caller()) {
            String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Encoding: " + coding + "\r\nContent-Length: " + body.length + "\r\n\r\n";
            return caller.send(head).send(body).readAnswer();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate", "deflate without its header", "zstd"})
    void isReadAndForwardedUncompressed(String coding) {
        String header = coding.startsWith("deflate") ? "deflate" : coding;
        RawAnswer answer = post(header, compressed(coding, bytes(Chats.ask("m"))));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(gateway.one().requests().getLast().body()).isEqualTo(Chats.ask("m"));
        assertThat(gateway.one().requests().getLast().head()).doesNotContainIgnoringCase("content-encoding");
    }

    @Test
    void brotliIsReadToo() {
        // One uncompressed meta-block (RFC 7932, section 9.2), then the empty last one.
        byte[] body = bytes(Chats.ask("m"));
        ByteArrayOutputStream brotli = new ByteArrayOutputStream();
        // WBITS 16 is one bit 0; ISLAST 0; MNIBBLES 4 is 00; MLEN - 1 in 16 bits; ISUNCOMPRESSED 1; padding.
        long head = (long) (body.length - 1) << 4 | 1L << 20;
        for (int i = 0; i < 3; i++) {
            brotli.write((int) (head >> 8 * i));
        }
        brotli.writeBytes(body);
        brotli.write(3);

        RawAnswer answer = post("br", brotli.toByteArray());

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(gateway.one().requests().getLast().body()).isEqualTo(Chats.ask("m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd"})
    void aBombIsTooLarge(String coding) {
        byte[] bomb = compressed(coding, new byte[20_000_000]);
        assertThat(bomb.length).isLessThan(100_000);

        RawAnswer answer = post(coding, bomb);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(ErrorBody.of(answer).code()).isEqualTo("request_too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd", "br"})
    void bytesInAnotherCodingAreABadRequest(String coding) {
        RawAnswer answer = post(coding, bytes("{\"model\":\"m\",\"messages\":[]}"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(ErrorBody.of(answer).code()).isEqualTo("invalid_body_encoding");
    }

    @Test
    void anUnknownCodingIsNotSupported() {
        RawAnswer answer = post("lzma", bytes("any"));
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("accept-encoding")).contains("gzip, deflate, br, zstd");
        assertThat(ErrorBody.of(answer).code()).isEqualTo("unsupported_content_encoding");
    }
}
