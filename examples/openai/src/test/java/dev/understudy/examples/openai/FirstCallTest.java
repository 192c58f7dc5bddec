package dev.understudy.examples.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.core.ClientOptions;
import dev.understudy.junit.Rehearsal;
import dev.understudy.junit.RehearsalExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RehearsalExtension.class)
class FirstCallTest {
    @Test
    void theFallbackAnswers(Rehearsal rehearsal) {
        String output = FirstCall.ask(
                ClientOptions.builder().apiKey("any").baseUrl(rehearsal.baseUrl()),
                rehearsal.error(500),
                rehearsal.ok("Rayleigh scattering."));
        assertThat(output)
                .contains("Answer: Rayleigh scattering.")
                .containsPattern("Trail: \\S*error.*:server_error.*ok.*:ok");
    }
}
