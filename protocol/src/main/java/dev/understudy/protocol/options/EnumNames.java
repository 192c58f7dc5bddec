package dev.understudy.protocol.options;

import dev.understudy.protocol.ClosestMatches;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Values of enumerations in settings and in requests; {@code _} and {@code -} are equal. */
final class EnumNames {
    private EnumNames() {}

    /** @throws IllegalArgumentException with a message that follows the text in a sentence */
    static <T> T parse(String text, T[] all, Function<T, String> wireName) {
        String value = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> names = Arrays.stream(all).map(wireName).toList();
        int index = names.indexOf(value);
        if (index < 0) {
            List<String> nearest = ClosestMatches.to(value, names, 1);
            throw new IllegalArgumentException("is none of " + String.join(", ", names)
                    + (nearest.isEmpty() ? "" : "; did you mean " + nearest.getFirst() + "?"));
        }
        return all[index];
    }
}
