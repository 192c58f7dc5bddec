package dev.understudy.calls.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds a provider's keys. */
final class ProviderKeys {
    private final ReadingContext reading;

    ProviderKeys(ReadingContext reading) {
        this.reading = reading;
    }

    /**
     * The keys that are written there, or set in the environment; notes a problem if one is needed.
     *
     * @param isWanted whether an authentication style is configured
     */
    List<Credential> read(Section section, Optional<ProviderPreset> preset, boolean isWanted, ProviderDialect dialect) {
        Optional<Entry> stated = section.get("api-key");
        if (stated.isPresent()) {
            return stated.get().isList()
                    ? listed(stated.get())
                    : stated.get().secret().stream().toList();
        }
        List<String> variables = preset.map(ProviderPreset::keyVariables).orElse(List.of());
        for (String variable : variables) {
            Optional<String> text = reading.environment().get(variable);
            if (text.isPresent()) {
                if (!Credential.isPossible(text.get())) {
                    reading.environmentProblem(
                            variable,
                            "its value contains white space or an invalid character; check that it was copied completely");
                    return List.of();
                }
                return List.of(Credential.of(text.get()));
            }
        }
        if (dialect == ProviderDialect.BEDROCK) {
            // Without a key its requests are signed with the credentials of the surroundings.
            return List.of();
        } else if (!variables.isEmpty()) {
            section.problem("has no api-key; set " + String.join(" or ", variables)
                    + ", or write api-key (or auth: none if it needs no key)");
        } else if (isWanted) {
            section.problem("sets auth, but has no api-key");
        }
        return List.of();
    }

    private static List<Credential> listed(Entry entry) {
        List<Credential> keys = new ArrayList<>();
        for (Entry item : entry.items().orElse(List.of())) {
            item.secret().ifPresent(key -> {
                if (keys.contains(key)) {
                    item.problem("this key is in the list already");
                }
                keys.add(key);
            });
        }
        if (keys.isEmpty()) {
            entry.problem("this list of keys is empty; write a key, or auth: none if it needs no key");
        }
        return keys;
    }
}
