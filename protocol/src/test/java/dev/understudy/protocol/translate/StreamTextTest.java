package dev.understudy.protocol.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StreamTextTest {
    private static final Dialect CHAT = new OpenAiDialect();

    private static String text(Dialect dialect, String stream) {
        byte[] bytes = ("xx" + stream).getBytes(StandardCharsets.UTF_8);
        return StreamText.of(dialect, bytes, 2, bytes.length - 2);
    }

    private static String delta(int choice, String delta) {
        return "data: {\"id\":\"c\",\"choices\":[{\"index\":" + choice + ",\"delta\":" + delta + "}]}\n\n";
    }

    @Test
    void deltasArePutTogether() {
        String stream = delta(0, "{\"role\":\"assistant\",\"content\":\"\"}")
                + delta(0, "{\"content\":\"ann@\"}")
                + ": keep-alive\n\n"
                + delta(0, "{\"content\":\"example.org\"}")
                + "data: [DONE]\n\n";

        assertThat(text(CHAT, stream)).isEqualTo("ann@example.org");
    }

    @Test
    void choicesAndCallsOfToolsAreNamed() {
        String stream = delta(0, "{\"content\":\"one\"}")
                + delta(
                        1,
                        "{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"type\":\"function\","
                                + "\"function\":{\"name\":\"find\",\"arguments\":\"{\\\"q\\\":\"}}]}")
                + delta(1, "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}");

        assertThat(text(CHAT, stream)).isEqualTo("[choice 1]\n\none\n\n[choice 2]\n\n[tool call] find {\"q\":1}");
    }

    @Test
    void aStreamThatIsCutHasTheTextThatCame() {
        String stream = delta(0, "{\"content\":\"one\"}") + delta(0, "{\"content\":\" two\"}");

        assertThat(text(CHAT, stream.substring(0, stream.length() - 20))).isEqualTo("one");
        assertThat(text(CHAT, "")).isEmpty();
        assertThat(text(CHAT, "no stream at all")).isEmpty();
        assertThat(text(CHAT, delta(0, "{\"content\":\"one\"}") + "data: {broken\n\n"))
                .isEqualTo("one");
    }

    @Test
    void anErrorWithinTheStreamIsNamed() {
        String stream =
                delta(0, "{\"content\":\"one\"}") + "data: {\"error\":{\"message\":\"too busy\",\"code\":\"x\"}}\n\n";

        assertThat(text(CHAT, stream)).isEqualTo("one\n\n[error] too busy");
    }

    @Test
    void otherDialectsAreRead() {
        String messages = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
                + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
                + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                + "\"delta\":{\"type\":\"text_delta\",\"text\":\"from Claude\"}}\n\n";
        String gemini = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"from Gemini\"}]}}]}\n\n";

        assertThat(text(new AnthropicDialect(), messages)).isEqualTo("from Claude");
        assertThat(text(new GeminiDialect(), gemini)).isEqualTo("from Gemini");
    }
}
