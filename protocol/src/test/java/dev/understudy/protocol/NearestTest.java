package dev.understudy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> KNOWN = List.of("fallbacks", "deadline", "first-token", "idle", "overlap");

    @Test
    void findsSlips() {
        assertThat(Nearest.to("falbacks", KNOWN, 3)).containsExactly("fallbacks");
        assertThat(Nearest.to("Fallback", KNOWN, 3)).containsExactly("fallbacks");
        assertThat(Nearest.to("first_token", KNOWN, 3)).containsExactly("first-token");
        assertThat(Nearest.to("idel", List.of("idol", "idle", "ideal"), 2)).hasSize(2);
    }

    @Test
    void doesNotGuessWildly() {
        assertThat(Nearest.to("temperature", KNOWN, 3)).isEmpty();
        assertThat(Nearest.to("", KNOWN, 3)).isEmpty();
        assertThat(Nearest.suggestion("x".repeat(100_000), KNOWN)).isEmpty();
        assertThat(Nearest.suggestion("dedline", KNOWN)).isEqualTo(" Did you mean 'deadline'?");
    }
}
