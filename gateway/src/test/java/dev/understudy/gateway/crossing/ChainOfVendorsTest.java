package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A chain of four vendors, each of which fails in turn before, at and after the first word: callers of every dialect get
 * the whole answer once, in their own.
 */
@Timeout(60)
class ChainOfVendorsTest {

    /** How a vendor fails. */
    enum Fault {
        LIMITED((vendor, shown) -> vendor.failed(429, "Retry-After: 0"), "rate_limited"),
        BROKEN((vendor, shown) -> vendor.failed(500), "server_error"),
        GONE((vendor, shown) -> Reply.start().close(), "connection"),
        TROUBLE_AT_ONCE(
                (vendor, shown) -> vendor.begun(0).chunk(vendor.trouble()).lastChunk(), "server_error"),
        CUT_AT_ONCE((vendor, shown) -> vendor.begun(0).close(), "truncated"),
        TROUBLE_LATER(
                (vendor, shown) ->
                        vendor.begun(7).await(shown).chunk(vendor.trouble()).lastChunk(),
                "answering"),
        CUT_LATER((vendor, shown) -> vendor.begun(7).await(shown).close(), "answering"),
        ENDED_EARLY((vendor, shown) -> vendor.begun(7).await(shown).lastChunk(), "answering");

        private final BiFunction<Vendor, CountDownLatch, Reply> reply;
        /** What the head of the answer says of it; it is written with the first word. */
        private final String outcome;

        Fault(BiFunction<Vendor, CountDownLatch, Reply> reply, String outcome) {
            this.reply = reply;
            this.outcome = outcome;
        }

        void strike(Vendor vendor, Crossing crossing) {
            crossing.at(vendor).answerWith(request -> reply.apply(vendor, crossing.shown()));
        }

        boolean comesBeforeTheHead() {
            return ordinal() <= GONE.ordinal();
        }

        boolean comesAfterTheFirstWord() {
            return ordinal() >= TROUBLE_LATER.ordinal();
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void anyVendorIsStoodInForByTheNext(Fault fault) {
        for (Vendor first : Vendor.values()) {
            try (Crossing crossing =
                    Crossing.forgetful(Crossing.chainFrom(first)).allWell()) {
                fault.strike(first, crossing);
                for (ClientDialect client : ClientDialect.values()) {
                    assertAnswered(crossing, client, true, first, fault);
                    if (fault.comesBeforeTheHead()) {
                        assertAnswered(crossing, client, false, first, fault);
                    }
                }
            }
        }
    }

    private static void assertAnswered(
            Crossing crossing, ClientDialect client, boolean stream, Vendor first, Fault fault) {
        String what = first + " " + fault + " received by " + client + (stream ? " stream" : "");
        RawAnswer answer = crossing.ask(client, "chain", stream);

        ParsedAnswer parsed = ParsedAnswer.of(client, stream, answer);
        assertThat(parsed.text()).as(what).isEqualTo(Vendor.TEXT);
        assertThat(parsed.ends()).as(what).isOne();
        assertThat(parsed.failures()).as(what).isEmpty();
        if (stream) {
            Grammar.assertComplete(client, parsed);
        }
        assertThat(answer.header("understudy-trail").orElse(""))
                .as(what)
                .contains("\"" + first.provider() + "/m\";outcome=" + fault.outcome);
        if (!fault.comesAfterTheFirstWord()) {
            assertThat(answer.header("understudy-target"))
                    .as(what)
                    .contains(first.next().provider() + "/m");
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void theLastOfFourAnswersWhenThreeAreDown(ClientDialect client) {
        for (Vendor first : Vendor.values()) {
            assertLastAnswers(client, first, true);
            assertLastAnswers(client, first, false);
        }
    }

    private static void assertLastAnswers(ClientDialect client, Vendor first, boolean stream) {
        Vendor second = first.next();
        Vendor third = second.next();
        Vendor last = third.next();
        try (Crossing crossing = Crossing.forgetful(Crossing.chainFrom(first))) {
            crossing.at(first).close();
            crossing.at(second).answerAlways(second.failed(429));
            crossing.at(third).answerAlways(third.failed(503));
            crossing.at(last).answerWith(last::well);

            RawAnswer answer = crossing.ask(client, "chain", stream);

            assertThat(ParsedAnswer.of(client, stream, answer).text()).isEqualTo(Vendor.TEXT);
            assertThat(answer.header("understudy-attempts")).contains("4");
            assertThat(answer.header("understudy-target")).contains(last.provider() + "/m");
            assertThat(answer.header("understudy-trail").orElse(""))
                    .contains(
                            first.provider() + "/m\";outcome=connection",
                            second.provider() + "/m\";outcome=rate_limited;status=429",
                            third.provider() + "/m\";outcome=server_error;status=503",
                            last.provider() + "/m\";outcome=" + (stream ? "answering" : "ok"));
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void aVendorThatBeginsAnewIsCutToWhatIsMissing(ClientDialect client) {
        for (Vendor first : Vendor.values()) {
            try (Crossing crossing = Crossing.forgetful(Crossing.chainFrom(first))) {
                crossing.at(first)
                        .answerWith(
                                asked -> first.begun(9).await(crossing.shown()).close());
                crossing.at(first.next()).answerAlways(first.next().fromTheStart());

                ParsedAnswer parsed = ParsedAnswer.of(client, true, crossing.ask(client, "chain", true));

                assertThat(parsed.text()).as("%s after %s", client, first).isEqualTo(Vendor.TEXT);
                Grammar.assertComplete(client, parsed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void threeVendorsMayMakeOneAnswer(ClientDialect client) {
        for (Vendor first : Vendor.values()) {
            Vendor second = first.next();
            try (Crossing crossing =
                    Crossing.forgetful(Crossing.chainFrom(first)).allWell()) {
                crossing.at(first)
                        .answerWith(
                                asked -> first.begun(4).await(crossing.shown()).close());
                crossing.at(second)
                        .answerAlways(
                                second.begun(8).pause(Duration.ofMillis(20)).close());

                ParsedAnswer parsed = ParsedAnswer.of(client, true, crossing.ask(client, "chain", true));

                assertThat(parsed.text()).as("%s after %s", client, first).isEqualTo(Vendor.TEXT);
                assertThat(parsed.ends()).isOne();
                Grammar.assertComplete(client, parsed);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TROUBLE_LATER", "CUT_LATER", "ENDED_EARLY"})
    void withoutRecoveryTheCallerReadsAnErrorAndNoEnd(Fault fault) {
        for (Vendor first : Vendor.values()) {
            try (Crossing crossing = Crossing.forgetful(
                    Crossing.chainFrom(first).replace("]}}", "], stream: {recovery: terminate}}}"))) {
                fault.strike(first, crossing);
                for (ClientDialect client : ClientDialect.values()) {
                    ParsedAnswer parsed = ParsedAnswer.of(client, true, crossing.ask(client, "chain", true));

                    assertThat(parsed.text()).startsWith("word1").doesNotContain("word8");
                    Grammar.assertBrokenOff(client, parsed);
                }
                assertThat(crossing.at(first.next()).requestCount()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = ClientDialect.class, mode = Mode.EXCLUDE, names = "CONVERSE")
    void answersNameTheirModelAlsoWhereTheVendorDoesNot(ClientDialect client) {
        try (Crossing crossing = Crossing.start("").allWell()) {
            for (boolean stream : new boolean[] {true, false}) {
                ParsedAnswer parsed =
                        ParsedAnswer.of(client, stream, crossing.ask(client, "bedrock/amazon.nova", stream));
                assertThat(parsed.answer().model()).as(client.name()).isEqualTo("amazon.nova");
                assertThat(ParsedAnswer.of(client, stream, crossing.ask(client, "anthropic/m", stream))
                                .answer()
                                .model())
                        .as(client.name())
                        .isEqualTo("claude-real");
            }
        }
    }

    @Test
    void tokensAreCountedInAStreamOnRequest() {
        try (Crossing crossing = Crossing.start("").allWell()) {
            for (Vendor vendor : Vendor.values()) {
                String target = vendor.provider() + "/m";
                String streamed = crossing.ask(
                                ClientDialect.CHAT, target, true, "\"stream_options\":{\"include_usage\":true}")
                        .body();
                if (vendor != Vendor.OPENAI) {
                    assertThat(streamed).contains("\"prompt_tokens\":5", "\"completion_tokens\":12");
                    assertThat(crossing.ask(ClientDialect.CHAT, target, true).body())
                            .doesNotContain("prompt_tokens");
                }
            }
        }
    }
}
