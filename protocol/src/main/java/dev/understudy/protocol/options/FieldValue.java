package dev.understudy.protocol.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.SpelledNumber;
import dev.understudy.protocol.json.ValueKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value in a request, with its position, so that every error names the field.
 *
 * @param where its path, such as {@code openpipe.fallback.timeout}
 * @param value the value
 */
record FieldValue(String where, JsonNode value) {
    private static final int MOST_COUNTED = 100;
    private static final BigDecimal LONGEST_SECONDS =
            BigDecimal.valueOf(Duration.ofDays(365).toSeconds());

    /** A text from a header, where the other vocabularies have a field. */
    static FieldValue ofHeader(String name, String text) {
        return new FieldValue(name, TextNode.valueOf(text));
    }

    /** Converts a value. */
    @FunctionalInterface
    interface Reading<T> {
        T of(FieldValue value) throws BadRequest;
    }

    /** Converts a value if there is one. */
    static <T> Optional<T> read(Optional<FieldValue> value, Reading<T> reading) throws BadRequest {
        return value.isPresent() ? Optional.of(reading.of(value.get())) : Optional.empty();
    }

    /** A member of this object; empty if it is not there, or null. */
    Optional<FieldValue> get(String name) throws BadRequest {
        JsonNode member = object().path(name);
        return member.isMissingNode() || member.isNull()
                ? Optional.empty()
                : Optional.of(new FieldValue(where + "." + name, member));
    }

    /** The first of several spellings that is there. */
    Optional<FieldValue> get(String name, String otherwise) throws BadRequest {
        Optional<FieldValue> first = get(name);
        return first.isPresent() ? first : get(otherwise);
    }

    /** The members of this object that are not null. */
    Map<String, FieldValue> members() throws BadRequest {
        Map<String, FieldValue> members = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : object().properties()) {
            String name = member.getKey();
            if (!member.getValue().isNull()) {
                members.put(name, new FieldValue(where + "." + BadRequest.shown(name), member.getValue()));
            }
        }
        return members;
    }

    private JsonNode object() throws BadRequest {
        if (value.isObject()) {
            return value;
        }
        throw wrong("an object");
    }

    boolean isObject() {
        return value.isObject();
    }

    boolean isList() {
        return value.isArray();
    }

    boolean isText() {
        return value.isTextual();
    }

    /** The items of this list. */
    List<FieldValue> items() throws BadRequest {
        if (!value.isArray()) {
            throw wrong("a list");
        }
        List<FieldValue> items = new ArrayList<>(value.size());
        for (JsonNode item : value) {
            items.add(new FieldValue(where + "[" + items.size() + "]", item));
        }
        return items;
    }

    /** A name of something: a string that is not blank. */
    String name() throws BadRequest {
        if (value.isTextual() && !value.textValue().isBlank()) {
            return value.textValue().strip();
        }
        throw wrong("a name, as a string that is not empty");
    }

    /** A list of names. */
    Set<String> names() throws BadRequest {
        Set<String> names = new LinkedHashSet<>();
        for (FieldValue item : items()) {
            names.add(item.name());
        }
        return names;
    }

    boolean flag() throws BadRequest {
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        throw wrong("true or false");
    }

    /** A count; numbers in strings are accepted too, because some vocabularies send them so. */
    int count() throws BadRequest {
        return count(MOST_COUNTED);
    }

    /** The same, up to another limit. */
    int count(int most) throws BadRequest {
        Optional<BigDecimal> number = number();
        if (number.isPresent()) {
            BigDecimal plain = number.get().stripTrailingZeros();
            boolean whole = plain.scale() <= 0;
            if (whole && plain.signum() >= 0 && plain.compareTo(BigDecimal.valueOf(most)) <= 0) {
                return plain.intValueExact();
            }
        }
        throw wrong("a whole number from 0 to " + most);
    }

    /** A time in seconds, above 0. */
    Duration seconds() throws BadRequest {
        return time(BigDecimal.ONE, "a number of seconds above 0, such as 30");
    }

    /** A time in seconds, where 0 means "at once". */
    Duration secondsOrNone() throws BadRequest {
        return isZero() ? Duration.ZERO : seconds();
    }

    /** A time in milliseconds, above 0. */
    Duration millis() throws BadRequest {
        return time(BigDecimal.valueOf(1, 3), "a number of milliseconds above 0, such as 30000");
    }

    private boolean isZero() {
        return number().filter(number -> number.signum() == 0).isPresent();
    }

    private Duration time(BigDecimal secondsEach, String expected) throws BadRequest {
        Optional<BigDecimal> seconds = number().map(number -> number.multiply(secondsEach))
                .filter(number -> number.signum() > 0 && number.compareTo(LONGEST_SECONDS) <= 0);
        if (seconds.isEmpty()) {
            throw wrong(expected);
        }
        // A time below a nanosecond still means "at once", not "no limit".
        return Duration.ofNanos(Math.max(1, seconds.get().movePointRight(9).longValue()));
    }

    /** A number, also one in a string: some vocabularies and all headers send them so. */
    Optional<BigDecimal> number() {
        if (!value.isTextual()) {
            return SpelledNumber.value(value);
        }
        String text = value.textValue().strip();
        return text.matches("[0-9]{1,15}(\\.[0-9]{1,9})?") ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    /** A time with its unit, above 0. */
    Duration duration() throws BadRequest {
        Duration duration = waiting();
        if (duration.isZero()) {
            throw BadRequest.invalid(where, "'" + where + "' must be above 0, such as \"30s\".");
        }
        return duration;
    }

    /** A time with its unit, which may be 0. */
    Duration waiting() throws BadRequest {
        if (!value.isTextual()) {
            throw BadRequest.invalid(
                    where,
                    "'" + where + "' must be a string with a unit (ms, s, m, h), such as \"30s\", not "
                            + ValueKind.of(value).described() + ".");
        }
        try {
            return Durations.parse(value.textValue());
        } catch (IllegalArgumentException unreadable) {
            throw BadRequest.invalid(where, "'" + where + "' " + unreadable.getMessage() + ".");
        }
    }

    /** The error for a value of the wrong form. */
    BadRequest wrong(String expected) {
        String kind = ValueKind.of(value).described();
        return BadRequest.invalid(
                where,
                "'" + where + "' must be " + expected
                        + (expected.startsWith(kind) ? "; this one is not." : ", not " + kind + "."));
    }
}
