package dev.understudy.protocol.json;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A small JSON value as a tree: the settings that callers send, or an event of a stream; never a prompt.
 *
 * <p>A number keeps its spelling, so that what is written back is what was read.
 */
public sealed interface JsonValue {

    /** Its kind. */
    ValueKind kind();

    /** Writes it as JSON, without white space; numbers as they were spelled. */
    default String toJson() {
        StringBuilder json = new StringBuilder();
        JsonTree.write(json, this);
        return json.toString();
    }

    /**
     * Reads one value.
     *
     * @param what how to call it in an error
     */
    static JsonValue read(String what, byte[] json) throws BadRequest {
        return read(what, json, 0, json.length);
    }

    /** The same, of a part of the bytes. */
    static JsonValue read(String what, byte[] json, int from, int to) throws BadRequest {
        return JsonTree.read(what, json, from, to);
    }

    /** The string that an object has under that name in its first level, and {@code ""} if it has none. */
    static String stringIn(byte[] json, int from, int to, String name) throws BadRequest {
        return JsonTree.stringIn(json, from, to, name);
    }

    /** @param members in the order in which they came; of a name that came twice, the last */
    record Obj(Map<String, JsonValue> members) implements JsonValue {
        public Obj {
            members = Collections.unmodifiableMap(members);
        }

        /** The value of that name; empty also if it is null, which says nothing. */
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

    /** @param spelling as it came */
    record Num(String spelling) implements JsonValue {
        /** Nothing that is counted or waited for here needs more digits or a larger exponent. */
        private static final int SANE = 40;

        /**
         * Its value. Empty for a monster such as {@code 1e999999999}, which is well-formed but of which the smallest
         * calculation takes all memory.
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
