package dev.understudy.protocol.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.failure.AttemptLine;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.sse.SseEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenAiErrorBodyTest {

    @Test
    void theShapeThatOpenAisClientsKnow() {
        byte[] json = OpenAiErrorBody.json(error(
                new ErrorDetails("Slow \"down\"\n", "rate_limit_error", "", "slow_down"),
                List.of(
                        new AttemptLine("a/m", "rate_limited", 429, "Slow down", 12),
                        new AttemptLine("b/m", "connection", 0, "", 3))));

        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"error\":{\"message\":\"Slow \\\"down\\\"\\n\",\"type\":\"rate_limit_error\",\"param\":null,"
                                + "\"code\":\"slow_down\",\"attempts\":["
                                + "{\"target\":\"a/m\",\"outcome\":\"rate_limited\",\"status\":429,\"message\":\"Slow down\",\"duration_ms\":12},"
                                + "{\"target\":\"b/m\",\"outcome\":\"connection\",\"status\":null,\"message\":null,\"duration_ms\":3}]}}");
    }

    @Test
    void theEventIsReadBackAsAnError() {
        byte[] event = OpenAiErrorBody.event(error(new ErrorDetails("a\nb", "", "", "insufficient_quota"), List.of()));

        List<StreamEvent> events = new ArrayList<>();
        SseEvents.each(
                event,
                0,
                event.length,
                sent -> new OpenAiDialect()
                        .streamReader()
                        .read(
                                new Frame(sent.name(), false, sent.data(), sent.dataOffset(), sent.dataLength()),
                                events::add));
        assertThat(events).singleElement().isInstanceOfSatisfying(StreamEvent.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.QUOTA);
            assertThat(failed.failure().message()).isEqualTo("a b");
        });
    }

    @Test
    void halfACharacterIsNoException() {
        byte[] json = OpenAiErrorBody.json(error(ErrorDetails.of("x\uD83C"), List.of()));

        assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"message\":\"x?\"");
    }

    private static ErrorResponse error(ErrorDetails details, List<AttemptLine> attempts) {
        return new ErrorResponse(500, FailureKind.SERVER_ERROR, details, attempts);
    }
}
