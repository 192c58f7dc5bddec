package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Agent loops of six turns with tools and reasoning in which another vendor answers each turn. The caller sends back what it has
 * received, whole or streamed, and no vendor may have a reason to refuse the conversation.
 */
class AgentLoopTest {
    private static final int TURNS = 6;
    private static final int[] STRIDES = {1, 3};

    /** How the answers come. */
    enum Form {
        WHOLE,
        STREAM,
        /** Tool calls are held back until they are complete. */
        STREAM_OF_WHOLE_CALLS
    }

    @ParameterizedTest
    @EnumSource(LoopClient.class)
    void everyVendorAcceptsWhatTheOthersHaveAnswered(LoopClient client) throws Exception {
        loops(client, Form.WHOLE);
    }

    @ParameterizedTest
    @EnumSource(LoopClient.class)
    void everyVendorAcceptsWhatTheOthersHaveStreamed(LoopClient client) throws Exception {
        loops(client, Form.STREAM);
    }

    @ParameterizedTest
    @EnumSource(LoopClient.class)
    void everyVendorAcceptsCallsThatWereHeldBackUntilTheyWereWhole(LoopClient client) throws Exception {
        loops(client, Form.STREAM_OF_WHOLE_CALLS);
    }

    private static void loops(LoopClient client, Form form) throws Exception {
        LoopVendor[] vendors = LoopVendor.values();
        for (int first = 0; first < vendors.length; first++) {
            for (int stride : STRIDES) {
                List<String> turns = new ArrayList<>();
                String order = "";
                for (int turn = 0; turn < TURNS; turn++) {
                    LoopVendor vendor = vendors[(first + turn * stride) % vendors.length];
                    order += " " + vendor;
                    try {
                        turn(client, vendor, turn, form, turns);
                    } catch (AssertionError refused) {
                        throw new AssertionError(client + " at turn " + turn + " of" + order, refused);
                    }
                }
            }
        }
    }

    private static void turn(LoopClient client, LoopVendor vendor, int turn, Form form, List<String> turns)
            throws Exception {
        byte[] body = client.request(client.body(turns));
        CallerRequest request = CallerRequest.read(client.own.dialect, body, "m", form != Form.WHOLE);
        RequestTranslator translator = new RequestTranslator(request);
        WrittenRequest written = translator.to(vendor.dialect, vendor.model, ModelTable.of(vendor.model), List.of());
        String sent = new String(written.body(), UTF_8);
        vendor.accepts(JsonTrees.of(sent), turn);
        for (int before = 0; before < turn; before++) {
            assertThat(sent).as("the arguments of turn " + before).containsPattern("step\\\\?\" ?: ?" + before);
        }

        ResponseTranslator response = new ResponseTranslator(
                vendor.dialect,
                client.own.dialect,
                vendor.model,
                request::context,
                AnswerRules.of(false, 1, OptionalLong.empty(), false),
                translator.callersToolNames());
        JsonNode answer = form == Form.WHOLE
                ? client.whole(whole(response, vendor, turn))
                : client.streamed(streamed(response, vendor, turn, form == Form.STREAM_OF_WHOLE_CALLS));
        client.append(answer, turns);
    }

    private static byte[] whole(ResponseTranslator response, LoopVendor vendor, int turn) {
        byte[] answer = vendor.answer(turn).getBytes(UTF_8);
        WholeAnswerResult result = response.whole("application/json").read(answer, 0, answer.length);
        assertThat(result).isInstanceOf(WholeAnswerResult.Accepted.class);
        return ((WholeAnswerResult.Accepted) result).written().orElse(answer);
    }

    private static byte[] streamed(ResponseTranslator response, LoopVendor vendor, int turn, boolean holdsCalls) {
        byte[] bytes = LoopStreams.of(vendor, turn);
        Received received = new Received();
        AnswerStream stream = response.stream(new StreamOptions(true, holdsCalls), received);
        stream.feed(bytes, 0, bytes.length);
        stream.end();
        received.bytes.writeBytes(stream.ending());
        return received.bytes.toByteArray();
    }

    /** The bytes that a caller gets: those of calls that are held back when the call is complete. */
    private static final class Received implements AnswerListener {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void event(EventKind event, byte[] array, int offset, int length) {
            if (event != EventKind.IGNORED) {
                bytes.write(array, offset, length);
            }
        }

        @Override
        public void failed(Failure failure, byte[] array, int offset, int length) {
            throw new AssertionError("failed: " + failure);
        }
    }
}
