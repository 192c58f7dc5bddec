package dev.understudy.rehearsal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a chat completion request in one pass, without a tree. */
final class ChatRequestReader {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final JsonParser json;
    private Optional<String> model = Optional.empty();
    private boolean messagesSeen;
    private boolean stream;
    private boolean includeUsage;
    private OptionalInt maxTokens = OptionalInt.empty();
    private OptionalInt maxCompletionTokens = OptionalInt.empty();
    private int characters;
    private Optional<String> tool = Optional.empty();
    private Optional<BegunAnswer> begun = Optional.empty();

    private ChatRequestReader(JsonParser json) {
        this.json = json;
    }

    /**
     * @throws BadCue if the body is not JSON, or lacks {@code model} or {@code messages}
     */
    static ChatRequest read(Buffer body) {
        try (JsonParser json = JSON.createParser(body.getBytes())) {
            return new ChatRequestReader(json).read();
        } catch (IOException notJson) {
            throw new BadCue("", "The body could not be read as JSON: " + notJson.getMessage());
        }
    }

    private ChatRequest read() throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new BadCue("", "The body must be a JSON object.");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            JsonToken value = json.nextToken();
            switch (name) {
                case "model" -> model = Optional.of(text(name, value));
                case "stream" -> stream = value == JsonToken.VALUE_TRUE;
                case "stream_options" -> readStreamOptions(value);
                case "max_tokens" -> maxTokens = number(name, value);
                case "max_completion_tokens" -> maxCompletionTokens = number(name, value);
                case "messages" -> readMessages(value);
                case "tools" -> readTools(value);
                default -> json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw new BadCue("", "The body continues after its JSON object.");
        }
        if (!messagesSeen) {
            throw new BadCue("messages", "Missing required parameter: 'messages'.");
        }
        return new ChatRequest(
                model.orElseThrow(() -> new BadCue("model", "Missing required parameter: 'model'.")),
                stream,
                includeUsage,
                maxCompletionTokens.isPresent() ? maxCompletionTokens : maxTokens,
                Math.ceilDiv(characters, CHARACTERS_PER_TOKEN),
                tool,
                begun);
    }

    private void readStreamOptions(JsonToken value) throws IOException {
        if (value != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isUsage = json.currentName().equals("include_usage");
            JsonToken option = json.nextToken();
            if (isUsage) {
                includeUsage = option == JsonToken.VALUE_TRUE;
            }
            json.skipChildren();
        }
    }

    private void readMessages(JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            throw new BadCue("messages", "'messages' must be an array.");
        }
        messagesSeen = true;
        MessagesReader messages = new MessagesReader(json);
        messages.read();
        characters = messages.characters();
        begun = messages.begun();
    }

    /** The only member called {@code name} directly inside {@code function} is the function's; schemas lie deeper. */
    private void readTools(JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isFunction = json.currentName().equals("function");
                if (json.nextToken() == JsonToken.START_OBJECT && isFunction) {
                    readFunction();
                } else {
                    json.skipChildren();
                }
            }
        }
    }

    private void readFunction() throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isName = json.currentName().equals("name");
            JsonToken value = json.nextToken();
            if (isName && value == JsonToken.VALUE_STRING && tool.isEmpty()) {
                tool = Optional.of(json.getText());
            }
            json.skipChildren();
        }
    }

    private String text(String name, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_STRING) {
            throw new BadCue(name, "'" + name + "' must be a string.");
        }
        return json.getText();
    }

    private OptionalInt number(String name, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return OptionalInt.empty();
        }
        if (value != JsonToken.VALUE_NUMBER_INT || json.getLongValue() < 1) {
            throw new BadCue(name, "'" + name + "' must be a whole number of at least 1.");
        }
        return OptionalInt.of((int) Math.min(json.getLongValue(), Integer.MAX_VALUE));
    }
}
