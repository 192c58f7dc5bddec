package dev.understudy.protocol.json;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small JSON value on the pass-through path: fallback options of a request, or an event of a stream; never a prompt. Bodies
 * that are translated are {@linkplain JsonTrees trees} instead.
 *
 * <p>A number keeps its spelling, so that it is written as it was read, and costs no calculation.
 */
public sealed interface JsonValue {

    /** Its kind. */
    ValueKind kind();

    /** The value as JSON without white space; numbers keep their spelling. */
    default String toJson() {
        StringBuilder json = new StringBuilder();
        JsonValues.write(json, this);
        return json.toString();
    }

    /**
     * Reads one value.
     *
     * @param what its name in an error message
     */
    static JsonValue read(String what, byte[] json) throws BadRequest {
        return read(what, json, 0, json.length);
    }

    /** Reads one value from a part of the bytes. */
    static JsonValue read(String what, byte[] json, int from, int to) throws BadRequest {
        return JsonValues.read(what, json, from, to);
    }

    /** @param members in order; of a repeated name, the last */
    record Obj(Map<String, JsonValue> members) implements JsonValue {
        public Obj {
            members = Collections.unmodifiableMap(members);
        }

        /** The value of that name; empty if it is missing or null. */
        public Optional<JsonValue> get(String name) {
            return Optional.ofNullable(members.get(name)).filter(value -> !(value instanceof Null));
        }

        @Override
        public ValueKind kind() {
            return ValueKind.OBJECT;
        }
    }

    record Arr(List<JsonValue> items) implements JsonValue {
        public Arr {
            items = List.copyOf(items);
        }

        @Override
        public ValueKind kind() {
            return ValueKind.ARRAY;
        }
    }

    record Text(String value) implements JsonValue {
        @Override
        public ValueKind kind() {
            return ValueKind.STRING;
        }
    }

    /** @param spelling as it was read */
    record Num(String spelling) implements JsonValue {
        /** No count or duration needs more digits or a larger exponent. */
        private static final int SANE = 40;

        /**
         * Its value. Empty for numbers such as {@code 1e999999999}, which are well-formed but take all memory in the smallest
         * calculation.
         */
        public Optional<BigDecimal> value() {
            if (spelling.length() > SANE) {
                return Optional.empty();
            }
            int exponent = Math.max(spelling.indexOf('e'), spelling.indexOf('E'));
            if (exponent >= 0 && spelling.length() - exponent > 4) {
                return Optional.empty();
            }
            BigDecimal value = new BigDecimal(spelling);
            return Math.abs(value.scale()) > SANE ? Optional.empty() : Optional.of(value);
        }

        @Override
        public ValueKind kind() {
            return ValueKind.NUMBER;
        }
    }

    record Bool(boolean value) implements JsonValue {
        @Override
        public ValueKind kind() {
            return value ? ValueKind.TRUE : ValueKind.FALSE;
        }
    }

    record Null() implements JsonValue {
        @Override
        public ValueKind kind() {
            return ValueKind.NULL;
        }
    }
}
