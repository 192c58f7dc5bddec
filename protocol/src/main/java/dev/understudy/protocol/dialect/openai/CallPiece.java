package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;

/**
 * A tool call, or a piece of one.
 *
 * @param index by which pieces belong together; -1 if it was not said
 * @param custom the whole of it as JSON, if it is a call of a custom tool; empty otherwise
 */
record CallPiece(int index, String id, String name, String arguments, String signature, String custom) {
    private static final NameTable CALL = NameTable.of("index", "id", "function", "custom", "extra_content");
    private static final NameTable FUNCTION = NameTable.of("name", "arguments");
    private static final NameTable GOOGLE = NameTable.of("google");
    private static final NameTable SIGNATURE = NameTable.of("thought_signature");

    static CallPiece read(JsonWalk walk) throws MalformedJson {
        Reading reading = new Reading(walk);
        walk.object(CALL, reading::member);
        return reading.piece();
    }

    /** The single call that there was before there were tools. */
    static CallPiece legacy(JsonWalk walk) throws MalformedJson {
        Reading reading = new Reading(walk);
        walk.object(FUNCTION, reading::function);
        return reading.piece();
    }

    private static final class Reading {
        private final JsonWalk walk;
        private int index = -1;
        private String id = "";
        private String custom = "";
        private String name = "";
        private String arguments = "";
        private String signature = "";

        Reading(JsonWalk walk) {
            this.walk = walk;
        }

        void member(String member) throws MalformedJson {
            switch (member) {
                case "index" -> index = Math.clamp(walk.whole(-1), -1, Integer.MAX_VALUE);
                case "id" -> id = walk.text();
                case "custom" -> custom = walk.token() == Token.START_OBJECT ? walk.json() : "";
                case "function" -> walk.object(FUNCTION, this::function);
                case "extra_content" ->
                    walk.object(GOOGLE, google -> {
                        if (!google.isEmpty()) {
                            walk.object(SIGNATURE, ours -> signature = ours.isEmpty() ? signature : walk.text());
                        }
                    });
                default -> {}
            }
        }

        void function(String member) throws MalformedJson {
            switch (member) {
                case "name" -> name = walk.text();
                // A few servers send the object itself.
                case "arguments" -> arguments = walk.token() == Token.START_OBJECT ? walk.json() : walk.text();
                default -> {}
            }
        }

        private String customJson() {
            return JsonOut.text(json -> {
                json.writeStartObject();
                if (index >= 0) {
                    json.writeNumberField("index", index);
                }
                if (!id.isEmpty()) {
                    json.writeStringField("id", id);
                }
                json.writeStringField("type", "custom");
                json.writeFieldName("custom");
                json.writeRawValue(custom);
                json.writeEndObject();
            });
        }

        CallPiece piece() {
            return new CallPiece(index, id, name, arguments, signature, custom.isEmpty() ? "" : customJson());
        }
    }
}
