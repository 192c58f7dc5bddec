package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Fault;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Plays one fault twice through a gateway of its own each time: once at the first target of three, while the others are
 * well, and once at all three. Checks everything that a caller could see and everything that the upstreams got.
 */
final class FaultRun {
    private final Fault fault;
    private final Delivery delivery;

    private FaultRun(Fault fault, Delivery delivery) {
        this.fault = fault;
        this.delivery = delivery;
    }

    static void play(Fault fault) {
        for (Delivery delivery : fault.delivery()) {
            FaultRun run = new FaultRun(fault, delivery);
            RawAnswer one = run.atOne();
            RawAnswer everybody = run.everywhere();
            FailureTable.add(
                    fault.kind(),
                    new FailureTable.Row(
                            fault.name(),
                            delivery,
                            fault.moment(),
                            summary(one),
                            attempts(one),
                            summary(everybody),
                            attempts(everybody)));
        }
    }

    private static String summary(RawAnswer answer) {
        return Seen.in(answer)
                .summary(
                        answer.header("understudy-target").orElse(""),
                        answer.header("retry-after").orElse(""));
    }

    private static int attempts(RawAnswer answer) {
        return Integer.parseInt(answer.header("understudy-attempts").orElse("0"));
    }

    private RawAnswer atOne() {
        try (GatewayFixture gateway = start(false)) {
            fault.script().accept(gateway.one());
            gateway.two().answerAlways(Answers.good(delivery));
            gateway.three().answerAlways(Answers.good(delivery));

            RawAnswer seen = gateway.chat(delivery.request("chain"));

            assertThat(seen.end()).as("%s", seen).isEqualTo(End.COMPLETE);
            if (fault.promise().next()) {
                assertAnsweredByTwo(seen);
            } else {
                assertTold(seen, 1, "one/a");
            }
            assertRequests(gateway.one(), fault.promise().attempts());
            assertThat(gateway.two().requestCount())
                    .as("requests to two")
                    .isEqualTo(fault.promise().next() ? 1 : 0);
            assertThat(gateway.three().requestCount()).as("requests to three").isZero();
            assertThat(gateway.log(1))
                    .singleElement()
                    .asString()
                    .contains("\"ending\":\"" + (fault.promise().next() ? "answered" : "failed") + "\"");
            return seen;
        }
    }

    private RawAnswer everywhere() {
        try (GatewayFixture gateway = start(true)) {
            gateway.upstreams().forEach(fault.script());

            RawAnswer seen = gateway.chat(delivery.request("chain"));

            List<String> chain = List.of("one/a", "two/b", "three/c")
                    .subList(0, fault.promise().reach());
            assertTold(seen, fault.everywhere(), chain.toArray(String[]::new));
            assertRequests(gateway.one(), fault.promise().attempts());
            return seen;
        }
    }

    private void assertAnsweredByTwo(RawAnswer seen) {
        int attempts = fault.promise().attempts() + 1;
        assertThat(seen.status()).as("%s", seen).isEqualTo(200);
        assertThat(seen.body()).isEqualTo(Answers.goodBody(delivery));
        assertThat(seen.header("content-type").orElse(""))
                .startsWith(delivery == Delivery.STREAM ? "text/event-stream" : "application/json");
        assertThat(seen.header("understudy-target")).contains("two/b");
        assertThat(seen.header("understudy-attempts")).contains(Integer.toString(attempts));
        assertThat(seen.header("understudy-call-id")).isPresent();
        assertThat(seen.header("retry-after")).isEmpty();
        List<String> trail = new ArrayList<>();
        for (int i = 1; i < attempts; i++) {
            trail.add(trailEntry("one/a"));
        }
        trail.add("\"two/b\";outcome=" + (delivery == Delivery.STREAM ? "answering" : "ok") + ";ms=\\d+");
        assertThat(seen.header("understudy-trail").orElse("")).matches(String.join(", ", trail));
    }

    /** The caller reads an error, and nothing that could be taken for an answer. */
    private void assertTold(RawAnswer seen, int attempts, String... chain) {
        assertThat(seen.end()).as("%s", seen).isEqualTo(End.COMPLETE);
        assertThat(seen.status()).as("%s", seen).isEqualTo(fault.promise().status());
        assertThat(seen.header("content-type")).contains("application/json");
        Seen understood = Seen.in(seen);
        assertThat(understood.error()).as("%s", seen).isEqualTo(fault.code());
        assertThat(understood.finished()).as("%s", seen).isFalse();
        assertThat(understood.done()).as("%s", seen).isFalse();
        assertThat(understood.errorAttempts()).as("%s", seen).isEqualTo(attempts);
        assertThat(seen.header("understudy-attempts")).contains(Integer.toString(attempts));
        assertThat(seen.header("understudy-target")).as("whose error it is").contains(chain[0]);
        String trail = seen.header("understudy-trail").orElse("");
        String entries = "("
                + String.join("|", List.of(chain).stream().map(this::trailEntry).toList()) + ")";
        assertThat(trail).matches(entries + "(, " + entries + "){" + (attempts - 1) + "}");
        assertThat(trail).contains(chain);
        assertThat(seen.header("x-should-retry").isPresent())
                .as("tells SDKs not to begin the same wait again: %s", seen)
                .isEqualTo(seen.status() == 504 || isForTheOperator(fault.kind()));
        if (!fault.name().contains("short")) {
            // A short hint may have passed when the caller reads of it.
            assertThat(seen.header("retry-after").isPresent())
                    .as("has a Retry-After, if the provider gave one: %s", seen)
                    .isEqualTo(fault.name().contains("long hint"));
        }
    }

    private static boolean isForTheOperator(FailureKind kind) {
        return kind == FailureKind.AUTH || kind == FailureKind.QUOTA;
    }

    private String trailEntry(String target) {
        String status = fault.status() == 0 ? "" : ";status=" + fault.status();
        return Pattern.quote("\"" + target + "\"") + ";outcome=" + fault.kind().wireName() + status + ";ms=\\d+";
    }

    /** Upstreams that fail before they have read a request cannot have counted it. */
    private void assertRequests(ScriptedUpstream upstream, int attempts) {
        if (fault.readsNoRequest()) {
            assertThat(upstream.requestCount()).as("requests to the failing").isLessThanOrEqualTo(attempts);
        } else {
            assertThat(upstream.requestCount()).as("requests to the failing").isEqualTo(attempts);
        }
    }

    private GatewayFixture start(boolean everybody) {
        String rest = fault.limits().configuration(everybody);
        return fault.tls() ? GatewayFixture.startWith(secured(everybody) + rest) : GatewayFixture.start(rest);
    }

    private static String secured(boolean everybody) {
        String second = everybody ? "https://127.0.0.1:${TWO_PORT}/v1" : "${TWO}";
        String third = everybody ? "https://127.0.0.1:${THREE_PORT}/v1" : "${THREE}";
        return """
                server: {port: 0, drain: 0s}
                providers:
                  one: {base-url: "https://127.0.0.1:${ONE_PORT}/v1"}
                  two: {base-url: "%s"}
                  three: {base-url: "%s"}
                """.formatted(second, third);
    }
}
