package dev.understudy.gateway.crossing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vendors that answer in one piece to a request for a stream, and the other way round: no other target is tried. */
@Timeout(60)
class BodiesOfTheOtherFormTest {

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void oneBodyInPlaceOfAStreamIsStreamed(Vendor vendor) {
        String body = vendor.whole(Vendor.TEXT);
        Reply json = Reply.json(200, body);
        Reply calledAStream = Reply.eventStream().chunk(body).lastChunk();
        for (Reply reply : new Reply[] {json, calledAStream}) {
            answeredByTheFirst(vendor, true, reply);
        }
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void aStreamInPlaceOfOneBodyIsPutTogether(Vendor vendor) {
        answeredByTheFirst(vendor, false, vendor.streamReply(vendor.stream()));
        answeredByTheFirst(
                vendor,
                false,
                Reply.streamOf("application/json").chunk(vendor.stream()).lastChunk());
    }

    private static void answeredByTheFirst(Vendor vendor, boolean stream, Reply reply) {
        try (Crossing crossing = Crossing.forgetful(Crossing.chainFrom(vendor)).allWell()) {
            crossing.at(vendor).answerAlways(reply);
            for (ClientDialect client : ClientDialect.values()) {
                RawAnswer answer = crossing.ask(client, "chain", stream);
                assertThat(ParsedAnswer.of(client, stream, answer).text())
                        .as("from %s for %s", vendor, client)
                        .isEqualTo(Vendor.TEXT);
                assertThat(answer.header("understudy-target")).contains(vendor.provider() + "/m");
                assertThat(answer.header("understudy-attempts")).contains("1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void halfAStreamInPlaceOfOneBodyIsNoAnswer(Vendor vendor) {
        try (Crossing crossing = Crossing.forgetful(Crossing.chainFrom(vendor)).allWell()) {
            crossing.at(vendor).answerAlways(vendor.begun(5).lastChunk());
            for (ClientDialect client : ClientDialect.values()) {
                RawAnswer answer = crossing.ask(client, "chain", false);
                assertThat(ParsedAnswer.of(client, false, answer).text())
                        .as("from %s for %s", vendor, client)
                        .isEqualTo(Vendor.TEXT);
                assertThat(answer.header("understudy-trail").orElse("")).contains("outcome=truncated");
            }
        }
    }
}
