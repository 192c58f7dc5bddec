package dev.understudy.rehearsal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** Reads the messages of a request: how long they are, and whether they end in an answer to go on with. */
final class MessagesReader {

    private final JsonParser json;
    private int characters;
    private Turn lastButOne = Turn.NONE;
    private Turn last = Turn.NONE;

    /** @param json stands at the start of the list */
    MessagesReader(JsonParser json) {
        this.json = json;
    }

    void read() throws IOException {
        JsonToken item = json.nextToken();
        while (item != null && item != JsonToken.END_ARRAY) {
            if (item == JsonToken.START_OBJECT) {
                lastButOne = last;
                last = message();
            } else {
                said(item);
            }
            item = json.nextToken();
        }
    }

    /** How many characters the messages have in all, but for their roles. */
    int characters() {
        return characters;
    }

    Optional<BegunAnswer> begun() {
        return BegunAnswer.of(lastButOne, last);
    }

    private Turn message() throws IOException {
        String role = "";
        String text = "";
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            String said = said(json.nextToken());
            switch (name) {
                case "role" -> role = said;
                case "content" -> text = said;
                default -> {
                    // Counted, and no more.
                }
            }
        }
        return new Turn(role, text);
    }

    /** Counts what is in a value. Returns it if it is a text, or the texts of the parts that it is made of. */
    private String said(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            count();
            return json.getText();
        }
        StringBuilder parts = new StringBuilder();
        int depth = value.isStructStart() ? 1 : 0;
        while (depth > 0) {
            JsonToken token = json.nextToken();
            if (token == null) {
                break;
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (token == JsonToken.VALUE_STRING) {
                count();
                if ("text".equals(json.currentName())) {
                    parts.append(json.getText());
                }
            }
        }
        return parts.toString();
    }

    private void count() throws IOException {
        if (!"role".equals(json.currentName())) {
            characters += json.getTextLength();
        }
    }
}
