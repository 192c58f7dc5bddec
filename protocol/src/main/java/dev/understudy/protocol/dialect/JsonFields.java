package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.understudy.protocol.json.BadRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Typed access to the members of an object in a request, with one policy for all dialects. A member that is {@code null}
 * is absent. An error names the member by its path.
 *
 * <table>
 * <caption>What a value reads as</caption>
 * <tr><th>value</th><th>{@link #number}</th><th>{@link #integer}</th></tr>
 * <tr><td>{@code 1}</td><td>1</td><td>1</td></tr>
 * <tr><td>{@code 1.0}, {@code 1e0}</td><td>1.0</td><td>1: what counts is the value, not the spelling</td></tr>
 * <tr><td>{@code 1.5}</td><td>1.5</td><td>refused</td></tr>
 * <tr><td>{@code "1"}</td><td>refused; 1 with {@link #protoJson}</td><td>the same</td></tr>
 * <tr><td>beyond 64 bits</td><td>the number</td><td>refused</td></tr>
 * <tr><td>more than 400 digits, before, after or without the point</td><td>refused</td><td>refused</td></tr>
 * </table>
 */
public final class JsonFields {
    /** Longer numbers have no use in a request, and calculating with {@code 1e999999999} would fill the memory. */
    private static final int MOST_DIGITS = 400;

    private final JsonNode object;
    private final String path;
    private final boolean protoJson;

    private JsonFields(JsonNode object, String path, boolean protoJson) {
        this.object = object;
        this.path = path;
        this.protoJson = protoJson;
    }

    /**
     * The members of an object.
     *
     * @param path where the object is, such as {@code input[2]}; empty for the request itself
     * @throws BadRequest if it is not an object
     */
    public static JsonFields of(JsonNode object, String path) throws BadRequest {
        if (!object.isObject()) {
            throw wrong(path, "an object");
        }
        return lenient(object, path);
    }

    /** The members of an object; any other value has no members. */
    public static JsonFields lenient(JsonNode value, String path) {
        return new JsonFields(value, path, false);
    }

    /**
     * The same members as ProtoJSON spells them: names in camel case or with underscores, numbers also in quotes.
     *
     * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON format</a>
     */
    public JsonFields protoJson() {
        return new JsonFields(object, path, true);
    }

    /** An error about the value at a path. */
    public static BadRequest wrong(String path, String expected) {
        return BadRequest.invalid(path, "'" + path + "' must be " + expected + ".");
    }

    /** An error about a member. */
    public BadRequest wrongMember(String name, String expected) {
        return wrong(path(name), expected);
    }

    /** An error about a member that must be there. */
    public BadRequest missing(String name) {
        return BadRequest.missing(path(name), "'" + path + "' has no '" + name + "'.");
    }

    /** The path of the object. */
    public String path() {
        return path;
    }

    /** The path of a member. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** The object itself. */
    public JsonNode json() {
        return object;
    }

    /** A member's value; a missing node if it is absent. */
    public JsonNode get(String name) {
        JsonNode value = object.path(name);
        if (protoJson && (value.isMissingNode() || value.isNull())) {
            value = object.path(withUnderscores(name));
        }
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    public boolean has(String name) {
        return !get(name).isMissingNode();
    }

    /** The members of a member; a value that is not an object has none. */
    public JsonFields at(String name) {
        return new JsonFields(get(name), path(name), protoJson);
    }

    /**
     * The members of a member; an absent one has none.
     *
     * @throws BadRequest if its value is not an object
     */
    public JsonFields object(String name) throws BadRequest {
        JsonFields value = at(name);
        if (has(name) && !value.object.isObject()) {
            throw wrongMember(name, "an object");
        }
        return value;
    }

    /** A string; empty if the member is absent or of another type. */
    public String text(String name) {
        JsonNode value = get(name);
        return value.isTextual() ? value.textValue() : "";
    }

    /** A string; empty if the member is absent. */
    public String string(String name) throws BadRequest {
        JsonNode value = get(name);
        if (!value.isTextual() && !value.isMissingNode()) {
            throw wrongMember(name, "a string");
        }
        return value.isTextual() ? value.textValue() : "";
    }

    /** A string that must not be absent or empty. */
    public String requiredString(String name) throws BadRequest {
        String text = string(name);
        if (text.isEmpty()) {
            throw BadRequest.missing(path(name), "'" + path(name) + "' is missing or empty.");
        }
        return text;
    }

    /** A list of strings, empty if the member is absent; with {@link #protoJson} a string is a list of one. */
    public List<String> strings(String name) throws BadRequest {
        JsonNode list = get(name);
        if (list.isMissingNode()) {
            return List.of();
        }
        if (protoJson && list.isTextual()) {
            return List.of(list.textValue());
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : list) {
            if (text.isTextual()) {
                texts.add(text.textValue());
            }
        }
        if (!list.isArray() || texts.size() < list.size()) {
            throw wrongMember(name, "a list of strings");
        }
        return texts;
    }

    public Optional<Boolean> flag(String name) throws BadRequest {
        JsonNode value = get(name);
        if (!value.isBoolean() && !value.isMissingNode()) {
            throw wrongMember(name, "true or false");
        }
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    /** A boolean; empty if the member is absent or of another type. */
    public Optional<Boolean> optionalFlag(String name) {
        JsonNode value = get(name);
        return value.isBoolean() ? Optional.of(value.booleanValue()) : Optional.empty();
    }

    /** A number; see the table above. */
    public Optional<BigDecimal> number(String name) throws BadRequest {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (value.isNumber()) {
            return Optional.of(sane(name, value.decimalValue()));
        }
        if (protoJson && value.isTextual() && value.textValue().length() <= MOST_DIGITS) {
            try {
                return Optional.of(sane(name, new BigDecimal(value.textValue())));
            } catch (NumberFormatException notANumber) {
                throw wrongMember(name, "a number");
            }
        }
        throw wrongMember(name, "a number");
    }

    private BigDecimal sane(String name, BigDecimal number) throws BadRequest {
        if (Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS) {
            throw wrongMember(name, "a number of usual size");
        }
        return number;
    }

    /** A whole number of 64 bits; see the table above. */
    public OptionalLong integer(String name) throws BadRequest {
        JsonNode value = get(name);
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return OptionalLong.of(value.longValue());
        }
        Optional<BigDecimal> number = number(name);
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(number.get().longValueExact());
        } catch (ArithmeticException fractionOrTooLarge) {
            throw wrongMember(name, "a whole number");
        }
    }

    /** A whole number of 0 or more. */
    public OptionalLong count(String name) throws BadRequest {
        OptionalLong count = integer(name);
        if (count.isPresent() && count.getAsLong() < 0) {
            throw wrongMember(name, "0 or more");
        }
        return count;
    }

    /** The same where an {@code int} is enough: higher numbers read as its maximum. */
    public OptionalInt smallCount(String name) throws BadRequest {
        OptionalLong count = count(name);
        return count.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.min(Integer.MAX_VALUE, count.getAsLong()));
    }

    /** {@code generation_config} as {@code generationConfig}; a name without underscores is unchanged. */
    public static String camelCase(String name) {
        if (name.indexOf('_') <= 0) {
            return name;
        }
        StringBuilder camel = new StringBuilder(name.length());
        boolean up = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_') {
                up = true;
            } else {
                camel.append(up ? Character.toUpperCase(c) : c);
                up = false;
            }
        }
        return camel.toString();
    }

    private static String withUnderscores(String camel) {
        StringBuilder name = new StringBuilder(camel.length() + 4);
        for (int i = 0; i < camel.length(); i++) {
            char c = camel.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                name.append('_').append((char) (c + ('a' - 'A')));
            } else {
                name.append(c);
            }
        }
        return name.toString();
    }
}
