package dev.understudy.protocol.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.json.JsonOut;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptLineTest {

    @Test
    void whatIsAbsentIsNull() {
        String json = JsonOut.text(out -> {
            out.writeStartObject();
            AttemptLine.writeAll(
                    out,
                    List.of(
                            new AttemptLine("a/b", "rate_limited", 429, "slow", 12),
                            new AttemptLine("c/d", "timeout", 0, "", 34)));
            out.writeEndObject();
        });
        assertThat(json)
                .isEqualTo("{\"attempts\":["
                        + "{\"target\":\"a/b\",\"outcome\":\"rate_limited\",\"status\":429,\"message\":\"slow\","
                        + "\"duration_ms\":12},"
                        + "{\"target\":\"c/d\",\"outcome\":\"timeout\",\"status\":null,\"message\":null,"
                        + "\"duration_ms\":34}]}");
    }
}
