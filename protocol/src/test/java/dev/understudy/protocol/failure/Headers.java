package dev.understudy.protocol.failure;

import dev.understudy.protocol.HeaderLookup;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Headers for tests, as {@code name, value, name, value}. */
final class Headers {
    private Headers() {}

    static HeaderLookup of(String... namesAndValues) {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i].toLowerCase(Locale.ROOT), namesAndValues[i + 1]);
        }
        return name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
}
