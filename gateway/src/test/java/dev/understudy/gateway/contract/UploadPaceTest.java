package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * With default settings, at real times: a body that arrives at 5 KB/s is read to its end, beyond the minute that every body has, and one
 * that arrives more slowly than {@code server.min-body-rate} is answered with 408 after that minute.
 */
@Timeout(240)
class UploadPaceTest {
    private static final int HEALTHY = 5_000;
    private static final int TOO_SLOW = 100;
    /** So long that the healthy upload needs 70 s. */
    private static final int LENGTH = 350_000;

    private static String body() {
        String body = Chats.ask("one/m");
        return body + " ".repeat(LENGTH - body.length());
    }

    /** Sends a body, the bytes of a tenth of a second at a time. */
    private static RawAnswer uploadHealthily(RawCaller caller) {
        String body = body();
        int step = HEALTHY / 10;
        caller.send("POST " + GatewayFixture.PATH
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + LENGTH + "\r\n\r\n");
        long began = System.nanoTime();
        for (int sent = 0; sent < LENGTH; sent += step) {
            long due = began + TimeUnit.SECONDS.toNanos(1) * sent / HEALTHY;
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            caller.send(body.substring(sent, Math.min(LENGTH, sent + step)));
        }
        return caller.readAnswer();
    }

    private static boolean isOpenFor(RawCaller caller, String bytes) {
        try {
            caller.send(bytes);
            return true;
        } catch (UncheckedIOException closed) {
            return false;
        }
    }

    @Test
    void aSlowUploadIsReadToItsEndAndOneBelowTheLeastRateIsNot() throws Exception {
        try (GatewayFixture gateway = GatewayFixture.startWith("""
                        server: {port: 0, drain: 0s}
                        providers: {one: {base-url: "${ONE}"}}
                        """);
                RawCaller healthy = gateway.caller().waitAtMost(Duration.ofSeconds(200));
                RawCaller tooSlow = gateway.caller().waitAtMost(Duration.ofSeconds(200));
                ExecutorService uploads = Executors.newVirtualThreadPerTaskExecutor()) {
            gateway.one().answerAlways(Chats.answered("hi"));
            long began = System.nanoTime();
            Future<RawAnswer> ofHealthy = uploads.submit(() -> uploadHealthily(healthy));
            Future<RawAnswer> ofTooSlow = uploads.submit(() -> tooSlow.readAnswer());
            tooSlow.send(
                    "POST " + GatewayFixture.PATH + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + LENGTH + "\r\n\r\n");
            while (!ofTooSlow.isDone() && isOpenFor(tooSlow, " ".repeat(TOO_SLOW / 10))) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            RawAnswer cut = ofTooSlow.get();
            assertThat(cut.status()).as("%s", cut).isEqualTo(408);
            assertThat(ErrorBody.of(cut).code()).isEqualTo("body_too_slow");
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(150));

            RawAnswer answer = ofHealthy.get(200, TimeUnit.SECONDS);
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        }
    }
}
