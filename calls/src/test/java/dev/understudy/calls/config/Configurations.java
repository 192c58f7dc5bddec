package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;

/** Reads texts as configurations, for tests. */
final class Configurations {
    static final Map<String, String> KEYS = Map.of("OPENAI_API_KEY", "sk-test-1", "ANTHROPIC_API_KEY", "sk-ant-test-2");

    private Configurations() {}

    static Settings read(String yaml) throws InvalidSettings {
        return read(yaml, KEYS);
    }

    static Settings read(String yaml, Map<String, String> variables) throws InvalidSettings {
        return new SettingsReader(Environment.of(variables)).read("f.yaml", yaml);
    }

    /** Every problem as the operator reads it. */
    static List<String> problems(String yaml) {
        return problems(yaml, KEYS);
    }

    static List<String> problems(String yaml, Map<String, String> variables) {
        InvalidSettings broken = catchThrowableOfType(InvalidSettings.class, () -> read(yaml, variables));
        return broken == null
                ? List.of()
                : broken.problems().stream().map(Problem::toString).toList();
    }

    static Settings withoutFile(Map<String, String> variables) throws InvalidSettings {
        return new SettingsReader(Environment.of(variables)).withoutFile();
    }
}
