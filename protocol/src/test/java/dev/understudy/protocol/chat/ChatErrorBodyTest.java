package dev.understudy.protocol.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.failure.AttemptLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatErrorBodyTest {

    @Test
    void theShapeThatOpenAisClientsKnow() {
        byte[] json = ChatErrorBody.json(
                new ErrorDetails("Slow \"down\"\n", "rate_limit_error", "", "slow_down"),
                List.of(
                        new AttemptLine("a/m", "rate_limited", 429, "Slow down", 12),
                        new AttemptLine("b/m", "connection", 0, "", 3)));

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"error\":{\"message\":\"Slow \\\"down\\\"\\n\",\"type\":\"rate_limit_error\",\"param\":null,"
                                + "\"code\":\"slow_down\",\"attempts\":["
                                + "{\"target\":\"a/m\",\"outcome\":\"rate_limited\",\"status\":429,\"message\":\"Slow down\",\"duration_ms\":12},"
                                + "{\"target\":\"b/m\",\"outcome\":\"connection\",\"status\":null,\"message\":null,\"duration_ms\":3}]}}");
    }

    @Test
    void theEventIsReadBackAsAnError() {
        byte[] event = ChatErrorBody.event(new ErrorDetails("a\nb", "", "", "insufficient_quota"), List.of());

        ChatTranscript heard = ChatTranscript.of(new String(event, StandardCharsets.UTF_8));
        assertThat(heard.theFailure().kind()).isEqualTo(FailureKind.QUOTA);
        assertThat(heard.theFailure().message()).isEqualTo("a b");
    }

    @Test
    void halfACharacterIsNoException() {
        byte[] json = ChatErrorBody.json(ErrorDetails.of("x\uD83C"), List.of());

        assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"message\":\"x?\"");
    }
}
