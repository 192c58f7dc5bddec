package dev.understudy.protocol.dialect.responses;

import static dev.understudy.protocol.dialect.responses.Wire.context;
import static dev.understudy.protocol.dialect.responses.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.BadRequest;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, nothing but the declared exceptions leaves a reader, and what was read can be written. */
class ResponsesFuzzTest {
    private static final String REQUEST = """
            {"input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,AA"},
            {"type":"input_file","file_data":"x","prompt_cache_breakpoint":{}}]},{"type":"function_call","call_id":"c","name":"f"},
            {"type":"function_call_output","call_id":"c","output":[]},{"type":"reasoning","summary":[{"text":"t"}]}],
            "tools":[{"type":"function","name":"f","parameters":{}}],"tool_choice":{"type":"allowed_tools","tools":[]},
            "temperature":1,"max_output_tokens":20,"text":{"format":{"type":"json_object"}},"reasoning":{"effort":"low"},
            "include":["a"],"metadata":{"a":1},"background":true}
            """;
    private static final String ANSWER = """
            {"id":"resp_1","object":"response","status":"incomplete","incomplete_details":{"reason":"x"},"output":[
            {"type":"message","content":[{"type":"output_text","text":"t","annotations":[{"url":"u","start_index":1}],
            "logprobs":[{}]}]},{"type":"web_search_call"},{"type":"function_call","arguments":"{}"},{"type":"reasoning",
            "summary":[{"type":"summary_text","text":"x"}]}],"usage":{"input_tokens":1},"error":null}
            """;
    private static final String FRAME =
            "{\"type\":\"response.output_item.done\",\"output_index\":1,\"sequence_number\":2,\"item\":"
                    + "{\"type\":\"web_search_call\",\"id\":\"x\"},\"delta\":\"d\",\"logprobs\":[{}],\"response\":{\"error\":null}}";

    private static final String PIECES = "{}[]\",:0123456789.eE-null true\\u";

    private static byte[] broken(String json, Random random) {
        byte[] bytes = utf8(json);
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) PIECES.charAt(random.nextInt(PIECES.length()));
        }
        return bytes;
    }

    @Test
    void anyRequestIsReadOrRefused() {
        Random random = new Random(1);
        ResponsesDialect dialect = new ResponsesDialect();
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            try {
                dialect.writeRequest(
                        dialect.readRequest(broken(REQUEST, random), false), "m", ModelCapabilities.UNKNOWN);
                read++;
            } catch (BadRequest | UntranslatableRequest refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void anyAnswerIsReadOrMalformed() {
        Random random = new Random(2);
        ResponsesDialect dialect = new ResponsesDialect();
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] body = broken(ANSWER, random);
            try {
                dialect.writeAnswer(dialect.readAnswer(body, 0, body.length), context("{}"));
                read++;
            } catch (InvalidAnswer no) {
                assertThat(no.failure().message()).isNotEmpty();
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void anyFrameIsReadOrNot() {
        Random random = new Random(3);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] frame = broken(
                    FRAME.replace("output_item.done", Math.floorMod(i, 2) == 0 ? "output_text.delta" : "completed"),
                    random);
            StreamWriter writer = new FrameWriter(context("{}"), Optional.empty());
            ByteArrayOutputStream to = new ByteArrayOutputStream();
            if (new FrameReader()
                    .read(new Frame("", false, frame, 0, frame.length), event -> writer.write(event, to))) {
                read++;
            }
        }
        assertThat(read).isPositive();
    }
}
