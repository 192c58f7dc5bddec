package dev.understudy.protocol.translate;

import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;

/** Counts the tools of a request in any dialect, without a tree. */
final class ToolCount {
    /** Bedrock's list of tools is in an object, and Gemini's functions are in lists within its tools. */
    private static final NameTable LISTS = NameTable.of("tools", "functionDeclarations", "function_declarations");

    private final byte[] body;
    private int tools;

    ToolCount(byte[] body) {
        this.body = body;
    }

    /** Adds the tools of a member's value. */
    void add(int from, int to) {
        JsonWalk walk = new JsonWalk(BodyLimits.ofDefaults().depth());
        try {
            walk.over(body, from, to);
            list(walk);
        } catch (MalformedJson broken) {
            // The request is refused elsewhere.
        }
    }

    private void list(JsonWalk walk) throws MalformedJson {
        if (walk.token() == Token.START_OBJECT) {
            walk.object(LISTS, name -> inner(walk, name));
        } else {
            walk.array(() -> {
                tools++;
                walk.object(LISTS, name -> {
                    if (!name.isEmpty()) {
                        // The object is a group of functions, and no tool itself.
                        tools--;
                        inner(walk, name);
                    }
                });
            });
        }
    }

    private void inner(JsonWalk walk, String name) throws MalformedJson {
        if (!name.isEmpty()) {
            walk.array(() -> tools++);
        }
    }

    int tools() {
        return tools;
    }
}
