package dev.understudy.protocol.chat;

import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;

/** Reads the tool calls of a message, or the pieces of them that a delta has. */
final class ChatCallReader {
    private static final NameTable CALL = NameTable.of("index", "id", "function", "custom");
    private static final NameTable FUNCTION = NameTable.of("name", "arguments");

    private final JsonCursor cursor;
    private long index;
    private String id = "";
    private String name = "";
    private String arguments = "";
    private boolean whole;

    private ChatCallReader(JsonCursor cursor, long position) {
        this.cursor = cursor;
        this.index = position;
    }

    /** {@code tool_calls}; the cursor is left at its end. */
    static void list(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        if (cursor.token() != Token.START_ARRAY) {
            cursor.skipRest();
            return;
        }
        long position = 0;
        while (cursor.next() != Token.END_ARRAY) {
            chunk.toolCall = true;
            if (chunk.tellsCalls && cursor.token() == Token.START_OBJECT) {
                new ChatCallReader(cursor, position++).call(chunk);
            } else {
                cursor.skipRest();
            }
        }
    }

    /** {@code function_call}, of which there is one and without an id. */
    static void function(JsonCursor cursor, ChatChunk chunk) throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            cursor.skipRest();
            return;
        }
        ChatCallReader reader = new ChatCallReader(cursor, 0);
        if (reader.functionMembers()) {
            chunk.toolCall = true;
            reader.tell(chunk);
        }
    }

    private void call(ChatChunk chunk) throws MalformedJson {
        while (cursor.next() == Token.NAME) {
            String member = cursor.string().among(CALL);
            cursor.next();
            switch (member) {
                case "index" -> index = Math.max(0, cursor.whole(index));
                case "id" -> id = text();
                case "custom" -> whole = true;
                default -> {}
            }
            if (member.equals("function") && cursor.token() == Token.START_OBJECT) {
                functionMembers();
            } else {
                cursor.skipRest();
            }
        }
        tell(chunk);
    }

    /** Whether there are any. */
    private boolean functionMembers() throws MalformedJson {
        boolean any = false;
        while (cursor.next() == Token.NAME) {
            any = true;
            String member = cursor.string().among(FUNCTION);
            cursor.next();
            switch (member) {
                case "name" -> name = text();
                case "arguments" -> {
                    // A few providers send the object itself.
                    whole |= cursor.token() == Token.START_OBJECT;
                    arguments = text();
                }
                default -> {}
            }
            cursor.skipRest();
        }
        return any;
    }

    private String text() {
        return cursor.token() == Token.STRING ? cursor.string().decoded() : "";
    }

    private void tell(ChatChunk chunk) {
        if (chunk.tellsCalls) {
            chunk.calls.add(new ChatChunk.CallPiece(index, id, name, arguments, whole));
        }
    }
}
