package dev.understudy.examples.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.client.Understudy;
import dev.understudy.junit.Rehearsal;
import dev.understudy.junit.RehearsalExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RehearsalExtension.class)
class FirstCallTest {
    @Test
    void theFallbackAnswers(Rehearsal rehearsal) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (Understudy understudy = Understudy.builder()
                .environment(Map.of("OPENAI_API_KEY", "any", "OPENAI_BASE_URL", rehearsal.baseUrl()))
                .build()) {
            FirstCall.ask(
                    understudy,
                    "openai/" + rehearsal.error(500),
                    "openai/" + rehearsal.ok("Rayleigh scattering."),
                    new PrintStream(output, true, StandardCharsets.UTF_8));
        }
        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("Answer: Rayleigh scattering.")
                .contains("Stream: Rayleigh scattering.")
                .containsPattern("Trail: openai/error.*:server_error, .*openai/ok.*:ok");
    }
}
