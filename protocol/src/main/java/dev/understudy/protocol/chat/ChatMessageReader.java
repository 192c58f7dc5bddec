package dev.understudy.protocol.chat;

import dev.understudy.protocol.answer.InvisibleCharacters;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;

/** Reads an assistant's message, or a delta of one: what in it is an answer, and what only looks like one. */
final class ChatMessageReader {
    private static final NameTable MEMBERS = NameTable.of(
            "content",
            "refusal",
            "tool_calls",
            "function_call",
            "audio",
            "images",
            "reasoning",
            "reasoning_content",
            "reasoning_details",
            "thinking_blocks");
    private static final NameTable PART = NameTable.of("text", "refusal", "thinking", "image_url", "audio");

    private ChatMessageReader() {}

    /** Reads a message that is there as a whole: nothing of it is kept as a stream's text. */
    static void readMessage(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        int mark = chunk.text.mark();
        boolean hadWords = chunk.words;
        chunk.words = false;
        readDelta(cursor, chunk);
        chunk.special |= chunk.words;
        chunk.words |= hadWords;
        chunk.text.backTo(mark);
    }

    static void readDelta(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            cursor.skipRest();
            return;
        }
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(MEMBERS);
            cursor.next();
            switch (name) {
                case "content" -> content(cursor, chunk);
                case "refusal" -> {
                    chunk.special |=
                            cursor.token() == Token.STRING && !cursor.string().isEmpty();
                    text(cursor, chunk);
                }
                case "tool_calls" -> ChatCallReader.list(cursor, chunk);
                case "function_call" -> ChatCallReader.function(cursor, chunk);
                case "audio" -> media(cursor, Token.START_OBJECT, chunk);
                case "images" -> media(cursor, Token.START_ARRAY, chunk);
                // OpenRouter and Groq; DeepSeek and vLLM; OpenRouter's structured form.
                case "reasoning", "reasoning_content" -> thinking(cursor, chunk);
                case "reasoning_details" -> reasoned(cursor, chunk);
                // LiteLLM's seals, which come with or after the text of the reasoning.
                case "thinking_blocks" -> chunk.reasoned |= holdsSomething(cursor, Token.START_ARRAY);
                default -> cursor.skipRest();
            }
        }
    }

    /** A string, or parts: Mistral streams its reasoning that way, and images come so. */
    private static void content(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        if (cursor.token() == Token.STRING) {
            chunk.text.append(cursor.string());
        }
        if (cursor.token() != Token.START_ARRAY) {
            text(cursor, chunk);
            return;
        }
        while (cursor.next() != Token.END_ARRAY) {
            if (cursor.token() == Token.START_OBJECT) {
                part(cursor, chunk);
            } else {
                chunk.special = true;
                text(cursor, chunk);
            }
        }
    }

    /** A part of nothing but reasoning is none of the answer; every other one makes it more than plain text. */
    private static void part(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        boolean reasoning = false;
        boolean other = false;
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(PART);
            cursor.next();
            other |= !name.isEmpty() && !name.equals("thinking");
            switch (name) {
                case "text", "refusal" -> text(cursor, chunk);
                case "thinking" -> {
                    reasoning = true;
                    if (cursor.token() == Token.START_ARRAY) {
                        reasoned(cursor, chunk);
                    } else {
                        thinking(cursor, chunk);
                    }
                }
                case "image_url", "audio" -> chunk.words |= holdsSomething(cursor, Token.START_OBJECT);
                default -> cursor.skipRest();
            }
        }
        chunk.special |= other || !reasoning;
    }

    private static void reasoned(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        boolean something = holdsSomething(cursor, Token.START_ARRAY);
        chunk.thinking |= something;
        chunk.reasoned |= something;
    }

    private static void text(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        if (cursor.token() == Token.STRING) {
            int length = cursor.string().length();
            chunk.characters += length;
            if (cursor.string().allMatch(InvisibleCharacters::isBlank)) {
                chunk.blanks |= length > 0;
            } else {
                chunk.words = true;
            }
        } else {
            cursor.skipRest();
        }
    }

    private static void thinking(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        if (cursor.token() == Token.STRING) {
            chunk.reasoned |= !cursor.string().isEmpty();
            chunk.thinking |= !cursor.string().allMatch(InvisibleCharacters::isBlank);
        } else {
            cursor.skipRest();
        }
    }

    private static void media(JsonCursor cursor, Token start, ChatChunk chunk) throws MalformedJson {
        if (holdsSomething(cursor, start)) {
            chunk.words = true;
            chunk.special = true;
        }
    }

    /** Whether the value is of that kind and not empty; the cursor is left at its end. */
    private static boolean holdsSomething(JsonCursor cursor, Token start) throws MalformedJson {
        if (cursor.token() != start) {
            cursor.skipRest();
            return false;
        }
        Token end = start == Token.START_ARRAY ? Token.END_ARRAY : Token.END_OBJECT;
        boolean something = false;
        while (cursor.next() != end) {
            something = true;
            if (cursor.token() == Token.NAME) {
                cursor.next();
            }
            cursor.skipRest();
        }
        return something;
    }
}
