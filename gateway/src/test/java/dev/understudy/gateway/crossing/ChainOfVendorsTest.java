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

    /** What befalls a vendor. */
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

        void befalls(Vendor vendor, Crossing crossing) {
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
                fault.befalls(first, crossing);
                for (Tongue tongue : Tongue.values()) {
                    assertAnswered(crossing, tongue, true, first, fault);
                    if (fault.comesBeforeTheHead()) {
                        assertAnswered(crossing, tongue, false, first, fault);
                    }
                }
            }
        }
    }

    private static void assertAnswered(Crossing crossing, Tongue tongue, boolean stream, Vendor first, Fault fault) {
        String what = first + " " + fault + " heard by " + tongue + (stream ? " stream" : "");
        RawAnswer answer = crossing.ask(tongue, "chain", stream);

        Heard heard = Heard.of(tongue, stream, answer);
        assertThat(heard.text()).as(what).isEqualTo(Vendor.TEXT);
        assertThat(heard.ends()).as(what).isOne();
        assertThat(heard.failures()).as(what).isEmpty();
        if (stream) {
            Grammar.assertComplete(tongue, heard);
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
    @EnumSource(Tongue.class)
    void theLastOfFourAnswersWhenThreeAreDown(Tongue tongue) {
        for (Vendor first : Vendor.values()) {
            assertLastAnswers(tongue, first, true);
            assertLastAnswers(tongue, first, false);
        }
    }

    private static void assertLastAnswers(Tongue tongue, Vendor first, boolean stream) {
        Vendor second = first.next();
        Vendor third = second.next();
        Vendor last = third.next();
        try (Crossing crossing = Crossing.forgetful(Crossing.chainFrom(first))) {
            crossing.at(first).close();
            crossing.at(second).answerAlways(second.failed(429));
            crossing.at(third).answerAlways(third.failed(503));
            crossing.at(last).answerWith(last::well);

            RawAnswer answer = crossing.ask(tongue, "chain", stream);

            assertThat(Heard.of(tongue, stream, answer).text()).isEqualTo(Vendor.TEXT);
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
    @EnumSource(Tongue.class)
    void aVendorThatBeginsAnewIsCutToWhatIsMissing(Tongue tongue) {
        for (Vendor first : Vendor.values()) {
            try (Crossing crossing = Crossing.forgetful(Crossing.chainFrom(first))) {
                crossing.at(first)
                        .answerWith(
                                asked -> first.begun(9).await(crossing.shown()).close());
                crossing.at(first.next()).answerAlways(first.next().fromTheStart());

                Heard heard = Heard.of(tongue, true, crossing.ask(tongue, "chain", true));

                assertThat(heard.text()).as("%s after %s", tongue, first).isEqualTo(Vendor.TEXT);
                Grammar.assertComplete(tongue, heard);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tongue.class)
    void threeVendorsMayMakeOneAnswer(Tongue tongue) {
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

                Heard heard = Heard.of(tongue, true, crossing.ask(tongue, "chain", true));

                assertThat(heard.text()).as("%s after %s", tongue, first).isEqualTo(Vendor.TEXT);
                assertThat(heard.ends()).isOne();
                Grammar.assertComplete(tongue, heard);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TROUBLE_LATER", "CUT_LATER", "ENDED_EARLY"})
    void whereNobodyMayGoOnTheCallerReadsAnErrorAndNoEnd(Fault fault) {
        for (Vendor first : Vendor.values()) {
            try (Crossing crossing = Crossing.forgetful(
                    Crossing.chainFrom(first).replace("]}}", "], stream: {recovery: terminate}}}"))) {
                fault.befalls(first, crossing);
                for (Tongue tongue : Tongue.values()) {
                    Heard heard = Heard.of(tongue, true, crossing.ask(tongue, "chain", true));

                    assertThat(heard.text()).startsWith("word1").doesNotContain("word8");
                    Grammar.assertBrokenOff(tongue, heard);
                }
                assertThat(crossing.at(first.next()).requestCount()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Tongue.class, mode = Mode.EXCLUDE, names = "CONVERSE")
    void answersNameWhoGaveThemAlsoWhereTheVendorDoesNot(Tongue tongue) {
        try (Crossing crossing = Crossing.start("").allWell()) {
            for (boolean stream : new boolean[] {true, false}) {
                Heard heard = Heard.of(tongue, stream, crossing.ask(tongue, "bedrock/amazon.nova", stream));
                assertThat(heard.answer().model()).as(tongue.name()).isEqualTo("amazon.nova");
                assertThat(Heard.of(tongue, stream, crossing.ask(tongue, "anthropic/m", stream))
                                .answer()
                                .model())
                        .as(tongue.name())
                        .isEqualTo("claude-real");
            }
        }
    }

    @Test
    void tokensAreCountedInAStreamForThoseWhoAskForThat() {
        try (Crossing crossing = Crossing.start("").allWell()) {
            for (Vendor vendor : Vendor.values()) {
                String target = vendor.provider() + "/m";
                String asked = crossing.ask(Tongue.CHAT, target, true, "\"stream_options\":{\"include_usage\":true}")
                        .body();
                if (vendor != Vendor.OPENAI) {
                    assertThat(asked).contains("\"prompt_tokens\":5", "\"completion_tokens\":12");
                    assertThat(crossing.ask(Tongue.CHAT, target, true).body()).doesNotContain("prompt_tokens");
                }
            }
        }
    }
}
