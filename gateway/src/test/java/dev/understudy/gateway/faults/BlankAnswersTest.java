package dev.understudy.gateway.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.faults.Answers;
import dev.understudy.testing.faults.Blank;
import dev.understudy.testing.faults.Limits;
import dev.understudy.testing.faults.Moment;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Complete answers with nothing in them: the next target is tried, and two that agree are believed. */
@Timeout(120)
class BlankAnswersTest {

    static List<Blank> blanks() {
        return Blank.blanks();
    }

    @ParameterizedTest
    @MethodSource("blanks")
    void theNextTargetIsTried(Blank blank) {
        RawAnswer second;
        try (GatewayFixture gateway = GatewayFixture.start(Limits.NONE.configuration(false))) {
            gateway.one().answerAlways(blank.reply());
            gateway.two().answerAlways(Answers.good(blank.delivery()));

            second = gateway.chat(blank.delivery().request("chain"));

            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(Answers.goodBody(blank.delivery()));
            assertThat(second.header("understudy-attempts")).contains("2");
            assertThat(second.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=empty;ms=\\d+, \"two/b\";outcome=(ok|answering);ms=\\d+");
            assertThat(gateway.one().requestCount()).isEqualTo(1);
        }
        RawAnswer agreed = whenAllAreBlank(blank);
        FailureTable.add(
                FailureKind.EMPTY,
                new FailureTable.Row(
                        blank.name(),
                        blank.delivery(),
                        Moment.BEFORE_COMMIT,
                        Seen.in(second).summary("two/b", ""),
                        2,
                        Seen.in(agreed).summary("two/b", ""),
                        2));
    }

    private static RawAnswer whenAllAreBlank(Blank blank) {
        try (GatewayFixture gateway = GatewayFixture.start(Limits.NONE.configuration(false))) {
            gateway.upstreams().forEach(upstream -> upstream.answerAlways(blank.reply()));

            RawAnswer agreed = gateway.chat(blank.delivery().request("chain"));

            assertThat(agreed.end()).isEqualTo(End.COMPLETE);
            assertThat(agreed.status()).as("%s", agreed).isEqualTo(200);
            assertThat(agreed.body()).isEqualTo(blank.body());
            assertThat(agreed.header("understudy-target")).contains("two/b");
            assertThat(agreed.header("understudy-trail").orElse(""))
                    .matches("\"one/a\";outcome=empty;ms=\\d+, \"two/b\";outcome=empty;ms=\\d+");
            assertThat(gateway.three().requestCount()).isZero();
            assertThat(gateway.log(1)).singleElement().asString().contains("\"status\":200,\"target\":\"two/b\"");
            return agreed;
        }
    }

    @ParameterizedTest
    @MethodSource("blanks")
    void blankAnswerIsAcceptedWhereItIsConfigured(Blank blank) {
        try (GatewayFixture gateway =
                GatewayFixture.start("models: {chain: {targets: [one/a, two/b], accept: {empty: true}}}")) {
            gateway.one().answerAlways(blank.reply());

            RawAnswer seen = gateway.chat(blank.delivery().request("chain"));

            assertThat(seen.body()).isEqualTo(blank.body());
            assertThat(seen.header("understudy-target")).contains("one/a");
            assertThat(gateway.two().requestCount()).isZero();
        }
    }

    @AfterAll
    static void writeTable() {
        FailureTable.write();
    }
}
