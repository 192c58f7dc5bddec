package dev.understudy.gateway.admin;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A request to the admin API that has been read.
 *
 * @param path the values of the path's variables, decoded
 * @param query the parameters; of one that is stated twice the first
 * @param ifMatch the {@code If-Match} header, if there is one
 * @param author the {@code understudy-author} header; empty if there is none
 * @param body as it came
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
public record AdminRequest(
        Map<String, String> path, Map<String, String> query, Optional<String> ifMatch, String author, byte[] body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The value of a variable of the path. */
    String variable(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no variable " + name);
        }
        return value;
    }

    /** A parameter with a text. */
    Optional<String> text(String name) {
        return Optional.ofNullable(query.get(name)).filter(text -> !text.isBlank());
    }

    /** A parameter with a whole number. */
    Optional<Long> number(String name, long least, long most) throws AdminError {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().matches("\\d{1,18}")) {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
        }
        throw AdminError.badRequest(
                "invalid_parameter", name + " must be a whole number from " + least + " to " + most);
    }

    /**
     * The body as an object that has no other members than these.
     *
     * @throws AdminError if it is no JSON, or has others
     */
    ObjectNode object(Set<String> members) throws AdminError {
        JsonNode read;
        try {
            read = JSON.readTree(body);
        } catch (JacksonException broken) {
            throw AdminError.badRequest("invalid_json", "the body is not JSON: " + broken.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("an array cannot fail to be read", impossible);
        }
        if (!(read instanceof ObjectNode object)) {
            throw AdminError.badRequest("invalid_json", "the body must be a JSON object");
        }
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(name -> {
            if (!members.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw AdminError.invalid(unknown.stream()
                    .map(name ->
                            problem(name, "unknown member; known are " + String.join(", ", new TreeSet<>(members))))
                    .toList());
        }
        return object;
    }

    /** A flag of the body, if it is stated. */
    static Optional<Boolean> flag(ObjectNode body, String name) throws AdminError {
        JsonNode stated = body.get(name);
        if (stated == null) {
            return Optional.empty();
        }
        if (!stated.isBoolean()) {
            throw AdminError.invalid(List.of(problem(name, "must be true or false")));
        }
        return Optional.of(stated.booleanValue());
    }

    /** A text of the body; empty if it is not stated. */
    static String text(ObjectNode body, String name) throws AdminError {
        JsonNode stated = body.get(name);
        if (stated == null || stated.isNull()) {
            return "";
        }
        if (!stated.isTextual()) {
            throw AdminError.invalid(List.of(problem(name, "must be a text")));
        }
        return stated.textValue();
    }

    /**
     * A whole number of the body, or the usual one if it is not stated.
     *
     * @param problems to which one is added if what is stated is none from the least to the most
     */
    static int number(ObjectNode body, String name, int least, int usual, int most, List<Problem> problems) {
        JsonNode stated = body.get(name);
        if (stated == null) {
            return usual;
        }
        if (!stated.isIntegralNumber()
                || !stated.canConvertToInt()
                || stated.intValue() < least
                || stated.intValue() > most) {
            problems.add(problem(name, "must be a whole number from " + least + " to " + most));
            return usual;
        }
        return stated.intValue();
    }

    /** Whether an {@code If-Match} header names a version: as an entity tag, weak or strong, or as a mere number. */
    static boolean isOf(String ifMatch, long version) {
        return ifMatch.strip().replaceFirst("^W/", "").replace("\"", "").equals(Long.toString(version));
    }

    /** A problem of a request's body. */
    static Problem problem(String path, String message) {
        return new Problem("request", 0, path, message);
    }
}
