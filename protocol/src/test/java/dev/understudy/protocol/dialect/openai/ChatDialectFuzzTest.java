package dev.understudy.protocol.dialect.openai;

import static dev.understudy.protocol.dialect.openai.Wire.ASKED;
import static dev.understudy.protocol.dialect.openai.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.model.ModelTable;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes, nothing but the declared exceptions leaves a reader, and what was read can be written. */
class ChatDialectFuzzTest {
    private static final List<Dialect> DIALECTS = List.of(new OpenAiDialect(), new CompletionsDialect());
    private static final String REQUEST = """
            {"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},
            {"type":"file","file":{"file_data":"x"}},{"type":"input_audio","input_audio":{"data":"A","format":"wav"}}]},
            {"role":"assistant","function_call":{"name":"f"},"thinking_blocks":[{"type":"thinking","thinking":"t"}],
            "tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c"}],
            "prompt":["a"],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"tool_choice":
            {"allowed_tools":{"mode":"auto","tools":[{"function":{"name":"f"}}]}},"temperature":1e9,"max_tokens":20,
            "response_format":{"type":"json_object"},"reasoning":{"effort":"low","max_tokens":5},"stop":["a"],
            "thinking":{"budget_tokens":1},"metadata":{"a":1},"top_logprobs":1,"n":1}
            """;
    private static final String ANSWER = """
            {"id":"c","choices":[{"index":0,"text":"x","delta":{"content":[{"type":"text","text":"t"}],"tool_calls":
            [{"index":1,"id":"a","function":{"name":"f","arguments":{"a":1}}},{"custom":{"a":1}}],"reasoning_details":
            [{"text":"x"}],"thinking_blocks":[{"signature":"s"}],"audio":{"data":"A"},"images":[{"image_url":{"url":"u"}}],
            "annotations":[{"url_citation":{"url":"u","start_index":1}}]},"finish_reason":"stop","logprobs":{"content":[]}}],
            "usage":{"prompt_tokens":9,"total_tokens":1,"prompt_tokens_details":{"cached_tokens":1}},"error":null}
            """;
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
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            for (Dialect dialect : DIALECTS) {
                try {
                    NeutralRequest request = dialect.readRequest(broken(REQUEST, random), false);
                    read++;
                    dialect.writeRequest(
                            request, "gpt-5", ModelCapabilities.UNKNOWN.withTraits(ModelTable.traitsOf("gpt-5")));
                } catch (BadRequest | UntranslatableRequest refused) {
                    assertThat(refused.getMessage()).isNotEmpty();
                }
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void anyAnswerIsReadOrMalformed() {
        Random random = new Random(2);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            for (Dialect dialect : DIALECTS) {
                byte[] body = broken(ANSWER, random);
                try {
                    dialect.writeAnswer(dialect.readAnswer(body, 0, body.length), ASKED);
                    read++;
                } catch (InvalidAnswer no) {
                    assertThat(no.failure().kind()).isNotNull();
                }
            }
        }
        assertThat(read).isPositive();
    }

    @Test
    void anyStreamIsReadOrNot() {
        Random random = new Random(3);
        int read = 0;
        for (int i = 0; i < 1_000; i++) {
            for (Dialect dialect : DIALECTS) {
                StreamReader reader = dialect.streamReader();
                StreamWriter writer = dialect.streamWriter(ASKED, Optional.empty());
                ByteArrayOutputStream to = new ByteArrayOutputStream();
                for (int frames = 0; frames < 5; frames++) {
                    byte[] frame = broken(ANSWER, random);
                    if (reader.read(new Frame("", false, frame, 0, frame.length), event -> writer.write(event, to))) {
                        read++;
                    }
                }
            }
        }
        assertThat(read).isPositive();
    }
}
