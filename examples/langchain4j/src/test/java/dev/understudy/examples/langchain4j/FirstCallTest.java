package dev.understudy.examples.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.junit.Rehearsal;
import dev.understudy.junit.RehearsalExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RehearsalExtension.class)
class FirstCallTest {
    @Test
    void theFallbackAnswers(Rehearsal rehearsal) {
        String output = FirstCall.ask(rehearsal.baseUrl(), "any", rehearsal.error(500), rehearsal.ok("Rayleigh scattering."));
        assertThat(output)
                .contains("Answer: Rayleigh scattering.")
                .containsPattern("Trail: \\S*error.*:server_error, .*ok.*:ok");
    }
}
