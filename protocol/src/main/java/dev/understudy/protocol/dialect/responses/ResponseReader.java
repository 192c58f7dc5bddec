package dev.understudy.protocol.dialect.responses;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Reads a response object: the body of a whole answer, and a member of the first and the last events of a stream. */
final class ResponseReader {
    private static final NameTable MEMBERS = NameTable.of(
            "id",
            "object",
            "created_at",
            "status",
            "error",
            "incomplete_details",
            "model",
            "output",
            "usage",
            "service_tier");
    private static final NameTable INCOMPLETE = NameTable.of("reason");

    private String id = "";
    private String object = "";
    private String model = "";
    private String serviceTier = "";
    private String status = "";
    private String reason = "";
    private String error = "";
    private long created = -1;
    private boolean hasOutput;
    private Tokens tokens = Tokens.NONE;
    private final List<OutputItem> items = new ArrayList<>();

    private ResponseReader() {}

    /** Reads the object here, the output's items included. */
    static ResponseReader whole(JsonWalk walk) throws MalformedJson {
        ResponseReader reader = new ResponseReader();
        reader.members(walk, true);
        return reader;
    }

    /** The same but for the items, which a stream has told one by one before. */
    static ResponseReader frame(JsonWalk walk) throws MalformedJson {
        ResponseReader reader = new ResponseReader();
        reader.members(walk, false);
        return reader;
    }

    private void members(JsonWalk walk, boolean withItems) throws MalformedJson {
        walk.object(MEMBERS, name -> {
            switch (name) {
                case "id" -> id = walk.text();
                case "object" -> object = walk.text();
                case "created_at" -> created = walk.whole(-1);
                case "status" -> status = walk.text();
                case "error" -> {
                    if (walk.token() == Token.START_OBJECT || walk.token() == Token.STRING) {
                        error = walk.json();
                    }
                }
                case "incomplete_details" -> incomplete(walk);
                case "model" -> model = walk.text();
                case "output" -> {
                    hasOutput = true;
                    if (withItems) {
                        walk.array(() -> items.add(OutputItem.read(walk)));
                    }
                }
                case "usage" -> tokens = UsageReader.read(walk);
                case "service_tier" -> serviceTier = walk.text();
                default -> {}
            }
        });
    }

    private void incomplete(JsonWalk walk) throws MalformedJson {
        walk.object(INCOMPLETE, name -> {
            if (!name.isEmpty()) {
                reason = walk.text();
            }
        });
    }

    String id() {
        return id;
    }

    String model() {
        return model;
    }

    String serviceTier() {
        return serviceTier;
    }

    OptionalLong created() {
        return created < 0 ? OptionalLong.empty() : OptionalLong.of(created);
    }

    Tokens tokens() {
        return tokens;
    }

    List<OutputItem> items() {
        return items;
    }

    Ending ending() {
        return new Ending(status, reason);
    }

    boolean isResponse() {
        return hasOutput || object.equals("response");
    }

    boolean isFailed() {
        return !error.isEmpty() || status.equals("failed");
    }

    /** What the error in it means. */
    Failure failure() {
        byte[] body = ("{\"error\":" + (error.isEmpty() ? "{\"message\":\"The response failed\"}" : error) + "}")
                .getBytes(StandardCharsets.UTF_8);
        return Classifier.inBand(body, 0, body.length);
    }
}
