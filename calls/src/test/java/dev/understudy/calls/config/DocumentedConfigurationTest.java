package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference page names the keys that the reader knows, and no others. */
class DocumentedConfigurationTest {
    /** A value for each key of a level, other than its default. */
    private static final Map<String, String> LEVEL = level();

    /** The same for the keys of a target. */
    private static final Map<String, String> TARGET = target();

    private static Map<String, String> level() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("deadline", "40s");
        values.put("timeouts.connect", "2s");
        values.put("timeouts.first-token", "11s");
        values.put("timeouts.idle", "12s");
        values.put("timeouts.answer", "21s");
        values.put("timeouts.reasoning", "70s");
        values.put("timeouts.when-late", "cancel");
        values.put("retry.attempts", "2");
        values.put("retry.base", "100ms");
        values.put("retry.cap", "2s");
        values.put("retry.patience", "1s");
        values.put("retry.budget", "20%");
        values.put("cooldown.after", "4");
        values.put("cooldown.success-rate", "40%");
        values.put("cooldown.base", "6s");
        values.put("cooldown.cap", "50s");
        values.put("cooldown.quick-cap", "14s");
        values.put("cooldown.credential", "4m");
        values.put("cooldown.hint-cap", "6m");
        values.put("fallback-on", "[content-policy]");
        values.put("stream.commit", "complete");
        values.put("stream.recovery", "restart");
        values.put("stream.keep-alive", "off");
        values.put("stream.tool-calls", "live");
        values.put("hedging.enabled", "false");
        values.put("hedging.budget", "5%");
        values.put("accept.empty", "true");
        values.put("accept.json", "true");
        values.put("accept.tools", "true");
        values.put("accept.min-length", "3");
        values.put("accept.matches", "ok");
        values.put("fallbacks-enabled", "false");
        return values;
    }

    private static Map<String, String> target() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("target", "openai/a");
        values.put("context-window", "1000");
        values.put("max-output", "100");
        for (String flag : List.of("images", "documents", "audio", "tools", "json-schema", "prefill", "reasons")) {
            values.put(flag, "true");
        }
        values.put("thinking", "effort");
        values.put("continue-with", "turn");
        values.put("timeouts", "{ idle: 3s }");
        values.put("retry", "{ attempts: 0 }");
        values.put("cooldown", "{ after: 2 }");
        return values;
    }

    static Stream<String> levelKeys() {
        return LEVEL.keySet().stream();
    }

    private static String written(String key, String value) {
        int dot = key.indexOf('.');
        return dot < 0
                ? key + ": " + value
                : key.substring(0, dot) + ": { " + key.substring(dot + 1) + ": " + value + " }";
    }

    @ParameterizedTest
    @MethodSource("levelKeys")
    void everyKeyOfDefaultsIsTakenThereAndPerModel(String key) throws InvalidSettings {
        String setting = written(key, LEVEL.getOrDefault(key, ""));

        Defaults changed = Configurations.read("defaults: { " + setting + " }").defaults();
        Settings ofModel = Configurations.read("models: { m: { targets: [openai/a], " + setting + " } }");

        assertThat(changed).isNotEqualTo(Defaults.BUILT_IN);
        assertThat(ofModel.models().get("m").defaults()).isEqualTo(changed);
        assertThat(ofModel.defaults()).isEqualTo(Defaults.BUILT_IN);
    }

    @Test
    void everyKeyOfATargetIsTaken() throws InvalidSettings {
        for (Map.Entry<String, String> each : TARGET.entrySet()) {
            String own = each.getKey().equals("target") ? "" : ", " + each.getKey() + ": " + each.getValue();
            Settings settings = Configurations.read("models: { m: { targets: [{ target: openai/a" + own + " }] } }");
            assertThat(settings.models()).as(each.getKey()).containsKey("m");
        }
    }

    @Test
    void thePageNamesTheseKeysAndNoOthers() throws IOException {
        assertThat(keysUnder("## defaults", "|")).isEqualTo(LEVEL.keySet());
        assertThat(keysUnder("A target as a group of keys:", "|")).isEqualTo(TARGET.keySet());
    }

    /** The names in the first column of the table behind a heading; one row may name several. */
    private static Set<String> keysUnder(String heading, String row) throws IOException {
        List<String> lines = page();
        int at = lines.indexOf(heading);
        assertThat(at).as(heading).isNotNegative();
        Set<String> keys = new TreeSet<>();
        lines.subList(at + 1, lines.size()).stream()
                .dropWhile(line -> !line.startsWith(row))
                .takeWhile(line -> line.startsWith(row))
                .skip(2)
                .forEach(line -> {
                    Matcher name = Pattern.compile("`([^`]+)`").matcher(line.split("\\|", -1)[1]);
                    while (name.find()) {
                        keys.add(name.group(1));
                    }
                });
        return keys;
    }

    private static List<String> page() throws IOException {
        Path page = Path.of("docs", "reference", "configuration.md");
        return Files.readAllLines(Files.exists(page) ? page : Path.of("..").resolve(page));
    }
}
