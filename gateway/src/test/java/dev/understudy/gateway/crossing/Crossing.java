package dev.understudy.gateway.crossing;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A gateway before four vendors, each of which speaks its own language and is scripted. */
final class Crossing implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ScriptedUpstream bedrock = ScriptedUpstream.start();
    private volatile CountDownLatch shown = new CountDownLatch(1);
    private final GatewayFixture gateway;

    private Crossing(String server, String rest) {
        gateway = GatewayFixture.startWith("""
                server: {host: 127.0.0.1, port: 0, drain: 0s%s}
                providers:
                  openai: {base-url: "${ONE}", responses: false, api-key: key-of-openai}
                  answers: {dialect: openai-responses, base-url: "${ONE}", api-key: key-of-answers}
                  anthropic: {base-url: "http://127.0.0.1:${TWO_PORT}", api-key: key-of-anthropic}
                  gemini: {base-url: "http://127.0.0.1:${THREE_PORT}/v1beta", api-key: key-of-gemini}
                  bedrock: {base-url: "http://127.0.0.1:%d", api-key: key-of-bedrock}
                """.formatted(server, bedrock.port()) + rest);
    }

    /**
     * Starts.
     *
     * @param rest the configuration after {@code server} and {@code providers}
     */
    static Crossing start(String rest) {
        return new Crossing("", rest);
    }

    /** The same, with keys that callers must present. */
    static Crossing withCallerKeys(String keys, String rest) {
        return new Crossing(", keys: " + keys, rest);
    }

    /** No target is skipped because of an earlier call, and no attempt is retried. */
    static Crossing forgetful(String rest) {
        return start("""
                defaults:
                  timeouts: {connect: 5s, first-token: 10s, idle: 10s, answer: 10s}
                  cooldown: {after: 1000, success-rate: 0%}
                  retry: {attempts: 0}
                  overlap: {enabled: false}
                """ + rest);
    }

    GatewayFixture gateway() {
        return gateway;
    }

    ScriptedUpstream at(Vendor vendor) {
        return switch (vendor) {
            case OPENAI -> gateway.one();
            case ANTHROPIC -> gateway.two();
            case GEMINI -> gateway.three();
            case BEDROCK -> bedrock;
        };
    }

    /** Everybody answers well, unless something else is scripted. */
    Crossing allWell() {
        for (Vendor vendor : Vendor.values()) {
            at(vendor).answerWith(vendor::well);
        }
        return this;
    }

    /** The chain of all four, begun by one of them. */
    static String chainFrom(Vendor first) {
        List<String> targets = new ArrayList<>();
        Vendor each = first;
        for (int i = 0; i < Vendor.values().length; i++) {
            targets.add(each.provider() + "/m");
            each = each.next();
        }
        return "models: {chain: {targets: [" + String.join(", ", targets) + "]}}\n";
    }

    /** Opens when the caller of the call at hand has read the head of its answer: for what is to happen after that. */
    CountDownLatch shown() {
        return shown;
    }

    RawAnswer ask(ClientDialect client, String model, boolean stream, String... further) {
        return post(client.path(model, stream), client.body(model, stream, further));
    }

    RawAnswer post(String path, String body, String... headerLines) {
        try (RawCaller caller = gateway.caller().waitAtMost(PATIENCE)) {
            CountDownLatch read = new CountDownLatch(1);
            shown = read;
            caller.post(path, body, headerLines).readHead();
            read.countDown();
            return caller.readRest();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        gateway.close();
        bedrock.close();
    }
}
