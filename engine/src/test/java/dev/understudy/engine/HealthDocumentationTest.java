package dev.understudy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table that operators read is the table on which the engine runs. */
class HealthDocumentationTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `\\w+` \\| (nothing|counts[a-z ]*|cools|cools long) \\| [a-z ]+ \\|");

    @Test
    void eachKindOfFailureStandsThereWithItsEffectAndItsScope() throws IOException {
        Path page = Optional.of(Path.of("..", "docs", "health.md"))
                .filter(Files::exists)
                .orElse(Path.of("docs", "health.md"));
        List<String> rows =
                Files.readAllLines(page).stream().filter(ROW.asMatchPredicate()).toList();
        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(FailureKind.values())
                        .map(HealthDocumentationTest::row)
                        .toList());
    }

    private static String row(FailureKind kind) {
        Disposition disposition = kind.disposition();
        String effect = switch (disposition.effect()) {
            case NONE, QUALITY -> "nothing";
            case COUNTS -> "counts";
            case COUNTS_ACROSS_CALLERS -> "counts across callers";
            case COOLS -> "cools";
            case COOLS_LONG -> "cools long";
        };
        return "| `" + kind.wireName() + "` | " + effect + " | "
                + disposition.concern().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " |";
    }
}
