package dev.understudy.protocol.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads an assistant's message, or a delta of one: what in it is an answer, and what only looks like one. */
final class ChatMessageReader {

    private ChatMessageReader() {}

    /** Reads a message that is there as a whole: nothing of it is kept as a stream's text. */
    static void readMessage(JsonParser parser, ChatChunk chunk) throws IOException {
        int mark = chunk.text.mark();
        boolean hadWords = chunk.words;
        chunk.words = false;
        readDelta(parser, chunk);
        chunk.special |= chunk.words;
        chunk.words |= hadWords;
        chunk.text.backTo(mark);
    }

    static void readDelta(JsonParser parser, ChatChunk chunk) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "content" -> content(parser, chunk);
                case "refusal" -> {
                    chunk.special |= parser.currentToken() == JsonToken.VALUE_STRING && parser.getTextLength() > 0;
                    text(parser, chunk);
                }
                case "tool_calls" -> chunk.toolCall |= holdsSomething(parser, JsonToken.START_ARRAY);
                case "function_call" -> chunk.toolCall |= holdsSomething(parser, JsonToken.START_OBJECT);
                case "audio" -> media(parser, JsonToken.START_OBJECT, chunk);
                case "images" -> media(parser, JsonToken.START_ARRAY, chunk);
                // OpenRouter and Groq; DeepSeek and vLLM; OpenRouter's structured form.
                case "reasoning", "reasoning_content" -> thinking(parser, chunk);
                case "reasoning_details" -> chunk.thinking |= holdsSomething(parser, JsonToken.START_ARRAY);
                default -> parser.skipChildren();
            }
        }
    }

    /** A string, or parts: Mistral streams its reasoning that way, and images come so. */
    private static void content(JsonParser parser, ChatChunk chunk) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            chunk.text.append(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            text(parser, chunk);
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            chunk.special = true;
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                part(parser, chunk);
            } else {
                text(parser, chunk);
            }
        }
    }

    private static void part(JsonParser parser, ChatChunk chunk) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "text", "refusal" -> text(parser, chunk);
                case "thinking" -> {
                    if (parser.currentToken() == JsonToken.START_ARRAY) {
                        chunk.thinking |= holdsSomething(parser, JsonToken.START_ARRAY);
                    } else {
                        thinking(parser, chunk);
                    }
                }
                case "image_url", "audio" -> chunk.words |= holdsSomething(parser, JsonToken.START_OBJECT);
                default -> parser.skipChildren();
            }
        }
    }

    private static void text(JsonParser parser, ChatChunk chunk) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            int length = parser.getTextLength();
            chunk.characters += length;
            if (isBlank(parser)) {
                chunk.blanks |= length > 0;
            } else {
                chunk.words = true;
            }
        } else {
            parser.skipChildren();
        }
    }

    private static void thinking(JsonParser parser, ChatChunk chunk) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            if (isBlank(parser)) {
                chunk.blanks |= parser.getTextLength() > 0;
            } else {
                chunk.thinking = true;
            }
        } else {
            parser.skipChildren();
        }
    }

    private static void media(JsonParser parser, JsonToken start, ChatChunk chunk) throws IOException {
        if (holdsSomething(parser, start)) {
            chunk.words = true;
            chunk.special = true;
        }
    }

    /** Whether the value is of that kind and not empty; the parser is left at its end. */
    private static boolean holdsSomething(JsonParser parser, JsonToken start) throws IOException {
        if (parser.currentToken() != start) {
            parser.skipChildren();
            return false;
        }
        JsonToken end = start == JsonToken.START_ARRAY ? JsonToken.END_ARRAY : JsonToken.END_OBJECT;
        boolean something = false;
        while (parser.nextToken() != end) {
            something = true;
            if (parser.currentToken() == JsonToken.FIELD_NAME) {
                parser.nextToken();
            }
            parser.skipChildren();
        }
        return something;
    }

    private static boolean isBlank(JsonParser parser) throws IOException {
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int to = from + parser.getTextLength();
        for (int i = from; i < to; i++) {
            char c = text[i];
            // The no-break spaces, the zero-width space and the byte order mark show nothing either.
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c) && c != '\u200B' && c != '\uFEFF') {
                return false;
            }
        }
        return true;
    }
}
