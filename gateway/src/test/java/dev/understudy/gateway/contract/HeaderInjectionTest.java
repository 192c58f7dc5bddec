package dev.understudy.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.Reply;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers choose names, and names stand in headers and logs: none may break out of them. */
@Timeout(60)
class HeaderInjectionTest {

    private static void assertHeadersAreOurs(RawAnswer answer) {
        assertThat(answer.status()).as("%s", answer).isBetween(200, 599);
        assertThat(answer.head().lines()).allSatisfy(line -> {
            assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
            assertThat(line.toLowerCase(Locale.ROOT))
                    .matches("(understudy-[a-z-]+|content-type|content-length|transfer-encoding|cache-control"
                            + "|x-accel-buffering|retry-after): .*");
        });
    }

    /** As JSON spells them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\r\\nX-Injected: 1",
                "a\\nX-Injected: 1",
                "a\\r\\n\\r\\n{}",
                "a\\u0000\\u001b[31m\\u007f",
                "a\\\"; outcome=ok, \\\"b",
                "back\\\\slash\\\\",
                "mod\\u00e8le-\\u6a21\\u578b-\\ud83d\\ude00",
                "\\ud800",
                "a,b;c=d e",
                "%0d%0aX-Injected:1"
            })
    void namesOfModels(String name) {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.refused(404));
            gateway.two().answerAlways(Chats.answered("hi"));

            // As the model of a provider, as an unknown name, as a fallback, and as a provider to leave out.
            RawAnswer asModel = gateway.chat(Chats.ask("one/" + name, "\"fallbacks\":[\"two/" + name + "\"]"));
            RawAnswer unknown = gateway.chat(Chats.ask(name));
            RawAnswer asFallback = gateway.chat(Chats.ask("two/m", "\"fallbacks\":[\"" + name + "\"]"));
            RawAnswer excluded = gateway.chat(Chats.ask(
                    "one/m", "\"fallbacks\":[\"two/" + name + "\"]", "\"exclude_models\":[\"" + name + "\"]"));
            RawAnswer streamed = gateway.chat(Chats.askStream("one/" + name));

            if (asModel.status() == 200) {
                assertThat(asModel.header("understudy-target")).isPresent();
                assertThat(Trail.of(asModel).items()).hasSize(2);
            } else {
                assertThat(asModel.status()).as("a name that no model can have").isEqualTo(404);
            }
            assertThat(unknown.status()).isEqualTo(404);
            ErrorBody.of(unknown);
            assertThat(StructuredList.parse(
                            asFallback.header("understudy-warning").orElseThrow()))
                    .hasSize(1);
            assertThat(Trail.of(asFallback).items()).hasSize(2);
            for (RawAnswer answer : new RawAnswer[] {asModel, unknown, asFallback, excluded, streamed}) {
                assertHeadersAreOurs(answer);
            }
            for (String line : gateway.log(2)) {
                assertThat(line.chars()).allMatch(c -> c >= ' ' && c != 0x7f);
                ErrorBody.parsed(line);
            }
        }
    }

    @Test
    void veryLongNames() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.refused(404));
            String name = "x".repeat(100_000);

            RawAnswer unknown = gateway.chat(Chats.ask(name));
            RawAnswer asModel = gateway.chat(Chats.ask("one/" + name));
            RawAnswer asFallback = gateway.chat(Chats.ask("one/m", "\"fallbacks\":[\"" + name + "\"]"));

            assertThat(unknown.body()).hasSizeLessThan(2_000);
            for (RawAnswer answer : new RawAnswer[] {unknown, asModel, asFallback}) {
                assertHeadersAreOurs(answer);
                // Clients give up at 8 KB for a line of a header, or at 64 KB for all.
                assertThat(answer.head().lines()).allMatch(line -> line.length() < 8_000);
            }
        }
    }

    @Test
    void veryManyNames() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one().answerAlways(Chats.answered("hi"));
            StringBuilder names = new StringBuilder("\"unknown\"");
            for (int i = 0; i < 63; i++) {
                names.append(",\"unknown-").append("x".repeat(300)).append(i).append('"');
            }

            RawAnswer answer = gateway.chat(Chats.ask("one/m", "\"fallbacks\":[" + names + "]"));

            assertThat(answer.status()).isEqualTo(200);
            assertHeadersAreOurs(answer);
            assertThat(answer.head().lines()).allMatch(line -> line.length() < 8_000);
            assertThat(StructuredList.parse(answer.header("understudy-trail").orElseThrow())
                            .getLast()
                            .parameters())
                    .containsKey("omitted");
        }
    }

    @Test
    void callersHeadersComeBackNowhere() {
        try (GatewayFixture gateway = GatewayFixture.start("");
                RawCaller caller = gateway.caller()) {
            gateway.one().answerAlways(Chats.answered("hi"));
            RawAnswer answer = caller.post(
                            GatewayFixture.PATH,
                            Chats.ask("one/m"),
                            "X-Request-Id: from-the-caller",
                            "understudy-call-id: from-the-caller")
                    .readAnswer();
            assertThat(answer.toString()).doesNotContain("from-the-caller");
        }
    }

    @Test
    void providersHeadersComeThroughNowhere() {
        try (GatewayFixture gateway = GatewayFixture.start("")) {
            gateway.one()
                    .answerAlways(Reply.json(
                            200,
                            Chats.answer("hi"),
                            "Set-Cookie: session=1",
                            "understudy-target: other/target",
                            "X-Internal: 1"));
            RawAnswer answer = gateway.chat(Chats.ask("one/m"));
            assertHeadersAreOurs(answer);
            assertThat(answer.header("understudy-target")).contains("one/m");
        }
    }
}
