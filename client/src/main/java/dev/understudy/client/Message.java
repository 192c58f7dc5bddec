package dev.understudy.client;

import dev.understudy.client.http.Arguments;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message of a conversation, with the fields of Chat Completions.
 *
 * @param fields {@code role}, {@code content} and whatever else the message has; values are strings, numbers, booleans, lists and maps
 */
public record Message(Map<String, Object> fields) {
    public Message {
        fields = Arguments.notNull(fields, "the message's fields");
        if (!(fields.get("role") instanceof String role) || role.isBlank()) {
            throw new IllegalArgumentException("a message has no role; use Message.user(…), or set \"role\"");
        }
        fields = Map.copyOf(fields);
    }

    /** What the model is told before the conversation. */
    public static Message system(String text) {
        return of("system", text);
    }

    /** What the user says. */
    public static Message user(String text) {
        return of("user", text);
    }

    /** What the model has said before. */
    public static Message assistant(String text) {
        return of("assistant", text);
    }

    /**
     * The result of a tool call.
     *
     * @param callId the id of the call that it answers
     */
    public static Message toolResult(String callId, String result) {
        return of("tool", result).with("tool_call_id", Arguments.notBlank(callId, "callId"));
    }

    /** A message of any role. */
    public static Message of(String role, String text) {
        return new Message(Map.of(
                "role", Arguments.notBlank(role, "role"), "content", Arguments.notNull(text, "the text of a message")));
    }

    /** The same message with another field, such as {@code name} or {@code tool_calls}. */
    public Message with(String field, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(Arguments.notBlank(field, "field"), Arguments.notNull(value, field));
        return new Message(all);
    }
}
