package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonText;
import dev.understudy.protocol.json.JsonTrees;
import java.nio.ByteBuffer;
import java.util.UUID;

/** What answers and streams, and their readers and writers, agree upon. */
final class Wire {
    /** How deep an answer may be; deeper ones are made to hurt. */
    static final int DEEPEST = 256;

    private Wire() {}

    /** The answer's id; one of our own if its vendor gave none, the same each time that it is asked for. */
    static String id(String given, RequestContext context) {
        if (!given.isEmpty()) {
            return given;
        }
        byte[] seed = ByteBuffer.allocate(context.body().length + Long.BYTES)
                .put(context.body())
                .putLong(context.now())
                .array();
        return "msg_" + UUID.nameUUIDFromBytes(seed).toString().replace("-", "");
    }

    /** A call's id; its place among the calls makes one where its vendor has none. */
    static String callId(String given, String message, int call) {
        return given.isEmpty() ? "toolu_" + message.replaceAll("[^a-zA-Z0-9_-]", "_") + "_" + call : given;
    }

    /** Arguments as the object that Anthropic wants; what is none is put into one, for nothing is to be lost. */
    static String input(String arguments) {
        if (arguments.isBlank()) {
            return "{}";
        }
        JsonNode tree = JsonTrees.of(arguments);
        return tree.isObject() ? arguments : "{\"arguments\":" + JsonText.quote(arguments) + "}";
    }
}
