package dev.understudy.calls.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces references to environment variables in a text, in a shell's notation: a dollar and the name in braces, with {@code :-} and a
 * default after the name if there is one. Two dollars before the brace are an escaped dollar.
 */
final class Interpolation {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?}|\\$\\{");

    private Interpolation() {}

    /**
     * @param text what stands in the place of the raw one
     * @param isFilled whether some of it came from outside of the file, so that no message may repeat it
     * @param faults what was wrong, one sentence each
     */
    record Result(String text, boolean isFilled, List<String> faults) {}

    static Result of(String raw, Environment environment) {
        if (!raw.contains("${")) {
            return new Result(raw, false, List.of());
        }
        List<String> faults = new ArrayList<>();
        boolean filled = false;
        StringBuilder text = new StringBuilder();
        Matcher reference = REFERENCE.matcher(raw);
        while (reference.find()) {
            String name = reference.group("name");
            if (name != null) {
                filled = true;
                reference.appendReplacement(
                        text, Matcher.quoteReplacement(value(name, reference.group("default"), environment, faults)));
            } else {
                if (reference.group().equals("${")) {
                    faults.add("${ without a variable name; write ${NAME} or ${NAME:-default}, or $${ for a plain ${");
                }
                reference.appendReplacement(text, Matcher.quoteReplacement("${"));
            }
        }
        reference.appendTail(text);
        return new Result(text.toString(), filled, faults);
    }

    private static String value(String name, @Nullable String otherwise, Environment environment, List<String> faults) {
        return environment.get(name).or(() -> Optional.ofNullable(otherwise)).orElseGet(() -> {
            faults.add("the environment variable " + name + " is not set; set it (export " + name
                    + "=…) or give a default: ${" + name + ":-…}");
            return "";
        });
    }
}
