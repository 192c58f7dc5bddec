package dev.understudy.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.client.http.Arguments;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A request for a chat completion. Immutable, so that it may be sent more than once. */
public final class CompletionRequest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, Object> fields;

    private CompletionRequest(Map<String, Object> fields) {
        this.fields = fields;
    }

    /**
     * Begins a request.
     *
     * @param model the primary: {@code provider/model}, a name from the configuration, or a model's name that tells its provider
     */
    public static Builder of(String model) {
        return new Builder(Arguments.notBlank(model, "model"));
    }

    /** The primary's name. */
    public String model() {
        return (String) fields.getOrDefault("model", "");
    }

    byte[] body(boolean stream) {
        Map<String, Object> all = new LinkedHashMap<>(fields);
        if (stream) {
            all.put("stream", true);
        } else {
            all.remove("stream");
        }
        try {
            return JSON.writeValueAsString(all).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException unwritable) {
            throw new IllegalArgumentException(
                    "the request cannot be written as JSON; fields may be strings, numbers, booleans, lists and maps",
                    unwritable);
        }
    }

    /** Makes a request piece by piece. Each method checks its argument. */
    public static final class Builder {
        private final Map<String, Object> fields = new LinkedHashMap<>();
        private final List<Map<String, Object>> messages = new ArrayList<>();

        private Builder(String model) {
            fields.put("model", model);
        }

        /** Adds a message of the user. */
        public Builder user(String text) {
            return message(Message.user(text));
        }

        /** Adds what the model is told before the conversation. */
        public Builder system(String text) {
            return message(Message.system(text));
        }

        /** Adds a message. */
        public Builder message(Message message) {
            messages.add(Arguments.notNull(message, "message").fields());
            return this;
        }

        /** Adds messages. */
        public Builder messages(List<Message> conversation) {
            Arguments.notNull(conversation, "messages").forEach(this::message);
            return this;
        }

        /** Which targets follow the primary. */
        public Builder fallbacks(String... models) {
            return fallbacks(Fallbacks.fallbacks(models));
        }

        /** Which targets follow the primary, and how long the call may take. */
        public Builder fallbacks(Fallbacks options) {
            return set("understudy", Arguments.notNull(options, "fallbacks").toFields());
        }

        /** The sampling temperature. */
        public Builder temperature(double temperature) {
            return set("temperature", temperature);
        }

        /** How many tokens the answer may have. */
        public Builder maxTokens(int tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("maxTokens is " + tokens + "; use at least 1, or leave it out");
            }
            return set("max_tokens", tokens);
        }

        /** Any field of Chat Completions, such as {@code tools} or {@code response_format}: lists and maps of plain values. */
        public Builder set(String field, Object value) {
            fields.put(Arguments.notBlank(field, "field"), Arguments.notNull(value, field));
            return this;
        }

        /**
         * Makes the request.
         *
         * @throws IllegalArgumentException if it has no messages
         */
        public CompletionRequest build() {
            if (messages.isEmpty() && !fields.containsKey("messages")) {
                throw new IllegalArgumentException("messages is empty; add at least one, such as user(\"Hello\")");
            }
            Map<String, Object> all = new LinkedHashMap<>(fields);
            if (!messages.isEmpty()) {
                all.put("messages", List.copyOf(messages));
            }
            return new CompletionRequest(all);
        }
    }
}
