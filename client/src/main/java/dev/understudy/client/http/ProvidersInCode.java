package dev.understudy.client.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The providers that an application configures in code. They are read by the reader of the configuration file, for one set of rules. */
public final class ProvidersInCode {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, Object> providers = new LinkedHashMap<>();
    /** Keys are passed to the reader as variables, so that no message can quote them. */
    private final Map<String, String> keys = new LinkedHashMap<>();

    /** Adds a provider with settings of the configuration file and a key. */
    public void add(String name, Map<String, ?> settings, String apiKey) {
        String variable = "UNDERSTUDY_KEY_" + keys.size();
        keys.put(variable, Arguments.notBlank(apiKey, "the key of provider " + name));
        Map<String, Object> all = new LinkedHashMap<>(Arguments.notNull(settings, "settings"));
        all.put("api-key", "${" + variable + "}");
        add(name, all);
    }

    /** Adds a provider with settings of the configuration file. Its key is taken from its usual environment variable. */
    public void add(String name, Map<String, ?> settings) {
        providers.put(Arguments.notBlank(name, "the name of a provider"), Arguments.notNull(settings, "settings"));
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return providers.isEmpty();
    }

    /** The section {@code providers}. */
    public Map<String, Object> section() {
        return providers;
    }

    /** The variables of an environment, and the keys. */
    public Environment variables(Environment environment) {
        return name -> Optional.ofNullable(keys.get(name)).or(() -> environment.lookup(name));
    }

    /**
     * The text of a configuration. JSON is YAML.
     *
     * @throws IllegalArgumentException if a value is none that a configuration can have
     */
    public static String asYaml(Map<String, ?> configuration) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(configuration);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException(
                    "settings may be strings, numbers, booleans, lists and maps", unwritable);
        }
    }

    /** Everything that is wrong with a configuration, as the exception of a builder. */
    public static IllegalArgumentException rejected(InvalidSettings invalid) {
        return new IllegalArgumentException(
                String.join(
                        "\n", invalid.problems().stream().map(Problem::toString).toList()),
                invalid);
    }
}
