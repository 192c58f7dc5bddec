package dev.understudy.rehearsal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of an act: what stands behind the {@code ?} of a model's name, over the act's own defaults.
 *
 * <p>Every reading method throws {@link BadCue} if the value does not fit, so a mistake in a name is reported to the caller
 * instead of rehearsing something else.
 */
final class Parameters {

    /** Answers longer than this would only slow a rehearsal down. */
    private static final int MAX_COUNT = 20_000;

    private static final Duration MAX_DURATION = Duration.ofHours(1);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,7}(?:\\.\\d{1,3})?)(ms|s|m)?");

    private final Map<String, String> given;
    private final Map<String, String> defaults;

    private Parameters(Map<String, String> given, Map<String, String> defaults) {
        this.given = given;
        this.defaults = defaults;
    }

    /** The query part of a model's name, or of an act's signature: {@code a=1&b=two%20words}. */
    static Map<String, String> parse(String query) {
        Map<String, String> values = new LinkedHashMap<>();
        if (query.isEmpty()) {
            return values;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new BadCue("model", "'" + pair + "' in the model's name is not 'parameter=value'.");
            }
            String name = pair.substring(0, equals);
            if (values.put(name, decode(pair.substring(equals + 1))) != null) {
                throw new BadCue("model", "The model's name says '" + name + "' twice.");
            }
        }
        return values;
    }

    /**
     * @throws BadCue for a parameter that the act has no use for
     */
    static Parameters of(Act act, Map<String, String> given) {
        for (String name : given.keySet()) {
            if (!act.understands(name, given)) {
                throw new BadCue(
                        "model", "'" + act.id() + "' has no parameter '" + name + "'; try " + act.signature() + ".");
            }
        }
        return new Parameters(given, act.defaults());
    }

    /** What the caller said, as the parameters of another act: for acts that stand in for others. */
    Parameters as(Act act) {
        return new Parameters(given, act.defaults());
    }

    String text(String name) {
        return given.getOrDefault(name, defaults.getOrDefault(name, ""));
    }

    /** One of a few words. */
    String choice(String name, String... choices) {
        String value = text(name);
        for (String choice : choices) {
            if (choice.equals(value)) {
                return choice;
            }
        }
        throw new BadCue("model", "'" + name + "' must be one of " + String.join(", ", choices) + ".");
    }

    boolean flag(String name) {
        return choice(name, "true", "false").equals("true");
    }

    /** A number of tokens. */
    int count(String name) {
        return number(name, MAX_COUNT);
    }

    /** A whole number from 0 to the limit. */
    int number(String name, int limit) {
        String value = text(name);
        if (!value.matches("\\d{1,9}") || Integer.parseInt(value) > limit) {
            throw new BadCue("model", "'" + name + "' must be a whole number from 0 to " + limit + ".");
        }
        return Integer.parseInt(value);
    }

    /** A final HTTP status. */
    int status() {
        int status = number("status", 599);
        if (status < 200) {
            throw new BadCue("model", "'status' must be from 200 to 599.");
        }
        return status;
    }

    /** A chance from 0 to 1. */
    double chance(String name) {
        String value = text(name);
        if (!value.matches("0(\\.\\d{1,9})?|1(\\.0{1,9})?|\\.\\d{1,9}")) {
            throw new BadCue("model", "'" + name + "' must be a number from 0 to 1.");
        }
        return Double.parseDouble(value);
    }

    /** A time such as {@code 250ms}, {@code 1.5s} or {@code 2m}; a bare number is seconds. */
    Duration duration(String name) {
        Matcher matcher = DURATION.matcher(text(name));
        if (!matcher.matches()) {
            throw new BadCue("model", "'" + name + "' must be a time such as 250ms or 2s.");
        }
        long unit = switch (String.valueOf(matcher.group(2))) {
            case "ms" -> 1;
            case "m" -> 60_000;
            default -> 1000;
        };
        Duration duration = Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * unit));
        if (duration.compareTo(MAX_DURATION) > 0) {
            throw new BadCue("model", "'" + name + "' must not be longer than an hour.");
        }
        return duration;
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw new BadCue("model", "'" + value + "' in the model's name is not percent-encoded properly.");
        }
    }
}
