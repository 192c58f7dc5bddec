package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes with a 200 and is no answer is found out in every dialect, before a caller has any of it. */
@Timeout(60)
class AnswersThatAreNoneTest {

    /** What comes in place of an answer in one piece. */
    enum Instead {
        HALF(vendor -> Reply.json(
                200,
                vendor.whole(Vendor.TEXT).substring(0, vendor.whole(Vendor.TEXT).length() / 2))),
        NOTHING(vendor -> Reply.json(200, "")),
        SOMETHING_ELSE(vendor -> Reply.json(200, "{}")),
        A_LIST(vendor -> Reply.json(200, "[]")),
        AN_ERROR(vendor -> Reply.json(200, vendor.error(500))),
        BLANKS(vendor -> Reply.json(200, vendor.whole("  \\n "))),
        A_PAGE(vendor -> Reply.start()
                .send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>")),
        CUT(vendor -> Reply.start()
                .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
                        + vendor.whole(Vendor.TEXT))
                .close());

        private final Function<Vendor, Reply> reply;

        Instead(Function<Vendor, Reply> reply) {
            this.reply = reply;
        }
    }

    @ParameterizedTest
    @EnumSource(Instead.class)
    void theNextVendorIsTried(Instead instead) {
        for (Vendor first : Vendor.values()) {
            try (Crossing crossing =
                    Crossing.forgetful(Crossing.chainFrom(first)).allWell()) {
                crossing.at(first).answerAlways(instead.reply.apply(first));
                for (ClientDialect client : ClientDialect.values()) {
                    for (boolean stream : new boolean[] {true, false}) {
                        RawAnswer answer = crossing.ask(client, "chain", stream);
                        assertThat(ParsedAnswer.of(client, stream, answer).text())
                                .as("%s from %s for %s", instead, first, client)
                                .isEqualTo(Vendor.TEXT);
                        assertThat(answer.header("understudy-target"))
                                .contains(first.next().provider() + "/m");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ClientDialect.class)
    void answersThatTheCallerDoesNotAcceptAreNone(ClientDialect client) {
        for (Vendor first : Vendor.values()) {
            try (Crossing crossing =
                    Crossing.forgetful(Crossing.chainFrom(first)).allWell()) {
                String other = first.whole("Sorry");
                crossing.at(first)
                        .answerWith(request ->
                                Vendor.wantsStream(request) ? first.ended(first.begun(3)) : Reply.json(200, other));
                for (boolean stream : new boolean[] {true, false}) {
                    RawAnswer answer = crossing.ask(
                            client, "chain", stream, "\"understudy\":{\"accept\":{\"matches\":\"word12\"}}");
                    assertThat(ParsedAnswer.of(client, stream, answer).text())
                            .as("%s after %s", client, first)
                            .isEqualTo(Vendor.TEXT);
                    assertThat(answer.header("understudy-trail").orElse("")).contains("outcome=invalid_output");
                }
            }
        }
    }
}
