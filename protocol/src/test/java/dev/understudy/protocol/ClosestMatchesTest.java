package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClosestMatchesTest {
    private static final List<String> KNOWN = List.of("fallbacks", "deadline", "first-token", "idle", "overlap");

    @Test
    void findsSlips() {
        assertThat(ClosestMatches.to("falbacks", KNOWN, 3)).containsExactly("fallbacks");
        assertThat(ClosestMatches.to("Fallback", KNOWN, 3)).containsExactly("fallbacks");
        assertThat(ClosestMatches.to("first_token", KNOWN, 3)).containsExactly("first-token");
        assertThat(ClosestMatches.to("idel", List.of("idol", "idle", "ideal"), 2))
                .hasSize(2);
    }

    @Test
    void doesNotGuessWildly() {
        assertThat(ClosestMatches.to("temperature", KNOWN, 3)).isEmpty();
        assertThat(ClosestMatches.to("", KNOWN, 3)).isEmpty();
        assertThat(ClosestMatches.suggestion("x".repeat(100_000), KNOWN)).isEmpty();
        assertThat(ClosestMatches.suggestion("dedline", KNOWN)).isEqualTo(" Did you mean 'deadline'?");
    }
}
