package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads members of a request's objects: what is {@code null} was not said, and what is of the wrong type is refused. */
final class Fields {
    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** @param path where the object stands, such as {@code input[2]}; empty for the whole request */
    static Fields of(JsonNode object, String path) throws BadRequest {
        if (!object.isObject()) {
            throw wrong(path, "an object");
        }
        return new Fields(object, path);
    }

    static BadRequest wrong(String path, String expected) {
        return BadRequest.invalid(path, "'" + path + "' must be " + expected + ".");
    }

    /** Where a member stands. */
    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    JsonNode node(String name) {
        return object.path(name);
    }

    JsonNode whole() {
        return object;
    }

    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** A text; empty if it is not there. */
    String text(String name) throws BadRequest {
        JsonNode value = node(name);
        if (value.isTextual()) {
            return value.textValue();
        }
        if (has(name)) {
            throw wrong(path(name), "a string");
        }
        return "";
    }

    /** A text that must be there. */
    String needed(String name) throws BadRequest {
        String text = text(name);
        if (text.isEmpty()) {
            throw BadRequest.missing(path(name), "'" + path(name) + "' is missing or empty.");
        }
        return text;
    }

    Optional<Boolean> flag(String name) throws BadRequest {
        JsonNode value = node(name);
        if (value.isBoolean()) {
            return Optional.of(value.booleanValue());
        }
        if (has(name)) {
            throw wrong(path(name), "true or false");
        }
        return Optional.empty();
    }

    Optional<BigDecimal> number(String name) throws BadRequest {
        JsonNode value = node(name);
        if (value.isNumber()) {
            // Integers of any length are numbers here; nobody needs one that has more digits than this.
            if (value.isBigInteger() || Math.abs((long) value.decimalValue().scale()) > 1_000) {
                throw wrong(path(name), "a number of usual size");
            }
            return Optional.of(value.decimalValue());
        }
        if (has(name)) {
            throw wrong(path(name), "a number");
        }
        return Optional.empty();
    }

    OptionalLong count(String name) throws BadRequest {
        Optional<BigDecimal> number = number(name);
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long count = number.get().longValueExact();
            if (count >= 0) {
                return OptionalLong.of(count);
            }
        } catch (ArithmeticException notWhole) {
            throw wrong(path(name), "a whole number");
        }
        throw wrong(path(name), "0 or more");
    }

    OptionalInt smallCount(String name) throws BadRequest {
        OptionalLong count = count(name);
        return count.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, count.getAsLong()));
    }
}
