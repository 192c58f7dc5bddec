package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are too long, endless, or no HTTP: rejected reliably with an error of OpenAI's shape, and not forwarded. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpLimitsTest {
    private static final int MOST = 1_000_000;

    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.startWith("""
                server: {port: 0, drain: 0s, max-body: 1MB}
                providers: {one: {base-url: "${ONE}"}}
                """);
        gateway.one().answerAlways(Chats.answered("hi"));
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void nothingWasSentAndTheServerLivesOn() {
        assertThat(gateway.upstreams())
                .extracting(ScriptedUpstream::requestCount)
                .containsOnly(0);
        try (RawCaller caller = gateway.caller()) {
            assertThat(caller.get("/healthz").readAnswer().status()).isEqualTo(200);
        }
    }

    private static void assertRefused(RawAnswer answer, int status, String code) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        ErrorBody error = ErrorBody.of(answer);
        assertThat(error.code()).isEqualTo(code);
        assertThat(error.type()).isEqualTo("invalid_request_error");
    }

    @Test
    void bodyThatIsAnnouncedTooLongIsRefusedBeforeItCame() {
        try (RawCaller caller = gateway.caller()) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + (MOST + 1) + "\r\n\r\n{");
            assertRefused(caller.readAnswer(), 413, "request_too_large");
        }
    }

    /** A client that sends all before it reads must still receive the answer: a reset would discard it. */
    @Test
    void callerThatSendsAllOfATooLongBodyReadsTheErrorAndMayContinue() {
        byte[] body = new byte[8 * MOST];
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(30))) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .send(body);
            assertRefused(caller.readAnswer(), 413, "request_too_large");
            assertThat(caller.get("/healthz").readAnswer().status()).isEqualTo(200);
        }
    }

    @Test
    void endlessBodyIsRefusedAndItsConnectionEnds() throws Exception {
        try (RawCaller caller = gateway.caller().waitAtMost(Duration.ofSeconds(30))) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            boolean taken = true;
            for (int i = 0; taken && i < 200_000; i++) {
                taken = sent(caller, chunk);
            }
            assertThat(taken).isFalse();
        }
        // The answer itself, for one who listens in time.
        try (RawCaller caller = gateway.caller()) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                caller.send("10000\r\n" + " ".repeat(0x10000) + "\r\n");
            }
            assertRefused(caller.readAnswer(), 413, "request_too_large");
            assertEnds(caller);
        }
    }

    /** The connection is closed, with what was sent in vain or without. */
    private static void assertEnds(RawCaller caller) throws IOException {
        try {
            assertThat(caller.readBeyond()).isEmpty();
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static boolean sent(RawCaller caller, String text) {
        try {
            caller.send(text);
            return true;
        } catch (UncheckedIOException closed) {
            return false;
        }
    }

    @Test
    void bodyOfExactlyTheLimitIsRead() {
        String body = Chats.ask("unknown/m");
        String padded = body + " ".repeat(MOST - body.length());
        assertThat(gateway.chat(padded).status()).isEqualTo(404);
        assertThat(gateway.chat(padded + " ").status()).isEqualTo(413);
    }

    @Test
    void endlessRequestLine() throws Exception {
        try (RawCaller caller = gateway.caller()) {
            caller.send("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertRefused(caller.readAnswer(), 414, "uri_too_long");
            assertEnds(caller);
        }
    }

    @Test
    void endlessHeaders() throws Exception {
        try (RawCaller caller = gateway.caller()) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(200_000) + "\r\n\r\n");
            assertRefused(caller.readAnswer(), 431, "headers_too_large");
            assertEnds(caller);
        }
    }

    @Test
    void manyHeaders() {
        try (RawCaller caller = gateway.caller()) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n".repeat(20_000) + "\r\n");
            assertRefused(caller.readAnswer(), 431, "headers_too_large");
        }
    }

    /** What two readers may understand in two ways is how requests are smuggled; it is not read at all. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\nContent-Length: 20\r\n",
                "Content-Length: 10, 20\r\n",
                "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: ten\r\n",
                "Content-Length: +10\r\n",
                "Content-Length: 99999999999999999999\r\n",
                "Content Length: 10\r\n",
                "X-Null: a\0b\r\n"
            })
    void conflictingOrBrokenHeaders(String lines) throws Exception {
        try (RawCaller caller = gateway.caller()) {
            caller.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n" + Chats.ask("one/m")
                    + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
            RawAnswer answer = caller.readAnswer();
            assertThat(answer.status()).as("%s", answer).isIn(400, 413);
            assertThat(ErrorBody.of(answer).type()).isEqualTo("invalid_request_error");
            assertThat(answer.end()).isEqualTo(End.COMPLETE);
            assertEnds(caller);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello\r\n\r\n", "\0\0\0\0\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n"})
    void noHttpAtAll(String bytes) throws Exception {
        try (RawCaller caller = gateway.caller()) {
            RawAnswer answer = caller.send(bytes).readAnswer();
            assertThat(answer.status()).as("%s", answer).isBetween(400, 505);
            ErrorBody.of(answer);
            assertEnds(caller);
        }
    }

    @Test
    void chunkThatIsNone() throws Exception {
        try (RawCaller caller = gateway.caller()) {
            caller.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
            RawAnswer answer = caller.readAnswer();
            assertThat(answer.status()).as("%s", answer).isIn(400, 0);
        }
    }
}
