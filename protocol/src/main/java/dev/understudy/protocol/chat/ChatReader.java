package dev.understudy.protocol.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Reads a chat completion, or one chunk of it, for what it is worth.
 *
 * <p>Runs for each token of each stream: one pass, no tree, and no string for content, of which only the length and the
 * blankness are looked at.
 */
final class ChatReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** More digits do not fit a long, and mean nothing. */
    private static final int LONGEST_COUNT = 18;

    private final AnswerText text;
    private final ChatChunk chunk;
    private final ChoiceTally tally = new ChoiceTally();
    private String model = "";
    private String id = "";
    private long created = -1;

    ChatReader() {
        this(AnswerText.ignored());
    }

    /** @param text where the text of the first choice's deltas goes */
    ChatReader(AnswerText text) {
        this.text = text;
        this.chunk = new ChatChunk(text);
    }

    ChatChunk chunk() {
        return chunk;
    }

    ChoiceTally tally() {
        return tally;
    }

    /** The first model named; empty if none was. */
    String model() {
        return model;
    }

    /** The first id that was given, if text is kept; empty if none was. */
    String id() {
        return id;
    }

    /** The first time of creation that was given, if text is kept. */
    OptionalLong created() {
        return created < 0 ? OptionalLong.empty() : OptionalLong.of(created);
    }

    /** Reads into {@link #chunk()} and {@link #tally()}; false if the bytes are not one whole JSON object. */
    boolean read(byte[] array, int offset, int length) {
        chunk.clear();
        try (JsonParser parser = JSON.createParser(array, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                member(parser, name);
            }
            return parser.nextToken() == null;
        } catch (IOException notJson) {
            // Its message is not passed on: it may quote the answer.
            return false;
        }
    }

    private void member(JsonParser parser, String name) throws IOException {
        switch (name) {
            case "choices" -> choices(parser);
            case "model" -> model(parser);
            case "usage" -> usage(parser);
            case "error" -> error(parser);
            case "object", "type" -> {
                // Compared by length first: "chat.completion.chunk" need not become a string.
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    chunk.error |=
                            parser.getTextLength() == 5 && parser.getText().equals("error");
                } else {
                    parser.skipChildren();
                }
            }
            case "x_groq" -> extension(parser);
            case "id" -> id(parser);
            case "created" -> created(parser);
            default -> parser.skipChildren();
        }
    }

    private void model(JsonParser parser) throws IOException {
        if (model.isEmpty() && parser.currentToken() == JsonToken.VALUE_STRING) {
            model = parser.getText();
        } else {
            parser.skipChildren();
        }
    }

    private void id(JsonParser parser) throws IOException {
        if (text.isKept() && id.isEmpty() && parser.currentToken() == JsonToken.VALUE_STRING) {
            id = parser.getText();
        } else {
            parser.skipChildren();
        }
    }

    /** Zero is what Azure says before the first real chunk. */
    private void created(JsonParser parser) throws IOException {
        if (text.isKept()
                && created < 0
                && parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getTextLength() <= LONGEST_COUNT
                && parser.getLongValue() > 0) {
            created = parser.getLongValue();
        }
        parser.skipChildren();
    }

    private void error(JsonParser parser) throws IOException {
        chunk.error |= switch (parser.currentToken()) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getTextLength() > 0;
            default -> true;
        };
        parser.skipChildren();
    }

    /** Groq says in its own member why it stopped a stream early. */
    private void extension(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean error = parser.currentName().equals("error");
            parser.nextToken();
            if (error) {
                error(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void usage(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        chunk.usage = true;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            boolean countable =
                    parser.nextToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= LONGEST_COUNT;
            switch (name) {
                case "prompt_tokens" -> chunk.promptTokens(countable ? parser.getLongValue() : -1);
                case "completion_tokens" -> chunk.completionTokens(countable ? parser.getLongValue() : -1);
                case "total_tokens" -> chunk.totalTokens(countable ? parser.getLongValue() : -1);
                default -> {}
            }
            parser.skipChildren();
        }
    }

    private void choices(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            // null, as some send it with the usage, is no choice at all.
            chunk.choices |= parser.currentToken() == JsonToken.VALUE_NULL;
            parser.skipChildren();
            return;
        }
        chunk.choices = true;
        int position = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                choice(parser, position++);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void choice(JsonParser parser, int position) throws IOException {
        int index = position;
        int mark = text.mark();
        String finish = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "index" -> {
                    if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= 9) {
                        index = parser.getIntValue();
                    }
                    parser.skipChildren();
                }
                case "finish_reason" -> {
                    if (token == JsonToken.VALUE_STRING) {
                        finish = parser.getText();
                    }
                    parser.skipChildren();
                }
                // A few providers send a message instead of a delta in streams too.
                case "delta" -> ChatMessageReader.readDelta(parser, chunk);
                case "message" -> ChatMessageReader.readMessage(parser, chunk);
                case "error" -> error(parser);
                default -> parser.skipChildren();
            }
        }
        if (index != 0) {
            text.backTo(mark);
        }
        tally.seen(index);
        if (!finish.isEmpty()) {
            tally.finished(index, finish);
        }
    }
}
