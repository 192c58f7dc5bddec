package dev.understudy.protocol.options;

import dev.understudy.protocol.ClosestMatches;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Words of which one is to be chosen, in settings and in requests; {@code _} and {@code -} are alike. */
final class EnumNames {
    private EnumNames() {}

    /** @throws IllegalArgumentException with a message that follows the text in a sentence */
    static <T> T parse(String text, T[] all, Function<T, String> wireName) {
        String said = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        List<String> names = Arrays.stream(all).map(wireName).toList();
        int index = names.indexOf(said);
        if (index < 0) {
            List<String> nearest = ClosestMatches.to(said, names, 1);
            throw new IllegalArgumentException("is none of " + String.join(", ", names)
                    + (nearest.isEmpty() ? "" : "; did you mean " + nearest.getFirst() + "?"));
        }
        return all[index];
    }
}
