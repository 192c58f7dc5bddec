package dev.understudy.calls.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.config.ProviderPreset;
import dev.understudy.protocol.model.ModelTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds {@code models.txt}, the provider presets, {@code docs/models.md} and {@code docs/reference/configuration.md} together. */
class ModelTableDocumentationTest {
    private static final Path DOCS = Path.of("../docs");

    /** A provider without a preset: callers configure it with an address. */
    private static final String WITHOUT_PRESET = "openpipe";

    @Test
    void theTableHasTheMonthOfItsState() throws IOException {
        String state = table().lines()
                .filter(line -> line.startsWith("# State: "))
                .map(line -> line.substring("# State: ".length(), "# State: yyyy-mm".length()))
                .collect(Collectors.joining());
        assertThat(YearMonth.parse(state)).isBetween(YearMonth.of(2026, 11), YearMonth.of(2100, 1));
    }

    @Test
    void everyPresetHasAFormOfContinuations() throws IOException {
        assertThat(section("[continuations]").keySet()).containsAll(presets()).contains("*");
        Set<String> unknown = new TreeSet<>(section("[continuations]").keySet());
        unknown.removeAll(presets());
        assertThat(unknown).containsExactly("*");
    }

    @Test
    void everyBareNameLeadsToAPreset() throws IOException {
        Set<String> providers = new TreeSet<>(section("[names]").values());
        assertThat(providers.remove(WITHOUT_PRESET)).isTrue();
        assertThat(presets()).containsAll(providers);
    }

    @Test
    void theDocumentationListsTheFormOfEveryProvider() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (List<String> row : tableBelow("## Forms of continuations")) {
            quoted(row.getLast())
                    .forEach(provider ->
                            documented.put(provider, quoted(row.getFirst()).getFirst()));
            if (row.getLast().contains("all others")) {
                documented.put("*", quoted(row.getFirst()).getFirst());
            }
        }
        assertThat(documented).isEqualTo(section("[continuations]"));
    }

    @Test
    void theDocumentationListsTheProvidersOfBareNames() throws IOException {
        Set<String> documented = new TreeSet<>();
        for (List<String> row : tableBelow("## Providers by bare names")) {
            String provider = quoted(row.getLast()).getFirst();
            documented.add(provider);
            for (String name : quoted(row.getFirst())) {
                if (!name.equals("open-") && !name.startsWith("ft:")) {
                    assertThat(ModelTable.providerOf(name.replace("…", "x")))
                            .as(name)
                            .hasValue(provider);
                }
            }
        }
        assertThat(documented).isEqualTo(new TreeSet<>(section("[names]").values()));
    }

    @Test
    void theReferenceNamesTheSameProviders() throws IOException {
        String reference = Files.readString(DOCS.resolve("reference/configuration.md"));
        String paragraph = reference.substring(reference.indexOf("or a bare name that implies its provider"));
        paragraph = paragraph.substring(0, paragraph.indexOf("\n\n"));
        for (String provider : new TreeSet<>(section("[names]").values())) {
            assertThat(paragraph).contains(provider);
        }
        for (String name : quoted(paragraph.substring(paragraph.indexOf(':')))) {
            assertThat(ModelTable.providerOf(
                            name.replace("…", name.startsWith("o") && name.length() == 3 ? "-x" : "x")))
                    .as(name)
                    .isPresent();
        }
    }

    private static Set<String> presets() {
        return Arrays.stream(ProviderPreset.values())
                .map(ProviderPreset::providerName)
                .collect(Collectors.toSet());
    }

    private static String table() throws IOException {
        try (InputStream resource = Objects.requireNonNull(ModelTable.class.getResourceAsStream("models.txt"))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The rows of a section of two columns. */
    private static Map<String, String> section(String name) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        String text = table();
        String from = text.substring(text.indexOf("\n" + name + "\n") + name.length() + 2);
        from.lines()
                .takeWhile(line -> !line.startsWith("["))
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split(" +"))
                .forEach(cells -> rows.put(cells[0], cells[1]));
        assertThat(rows).isNotEmpty();
        return rows;
    }

    private static List<List<String>> tableBelow(String heading) throws IOException {
        String text = Files.readString(DOCS.resolve("models.md"));
        return text.substring(text.indexOf(heading))
                .lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ")))
                .toList();
    }

    private static List<String> quoted(String text) {
        return Pattern.compile("`([^`]+)`")
                .matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }
}
