package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.json.ValueKind;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the facts of one request from its members, in one walk over them. */
final class FactsReader {
    private static final Set<String> READ =
            Set.of("contents", "systemInstruction", "generationConfig", "tools", "toolConfig");

    private static final NameTable CONFIG = NameTable.of(
            "maxOutputTokens",
            "max_output_tokens",
            "stopSequences",
            "stop_sequences",
            "candidateCount",
            "candidate_count",
            "responseMimeType",
            "response_mime_type");

    private static final NameTable JSON = NameTable.of("application/json");

    private final Members members;
    private final boolean stream;
    private boolean contents;
    private boolean tools;
    private boolean stopSequences;
    private boolean jsonOutput;
    private OptionalInt choices = OptionalInt.empty();
    private OptionalLong maxTokens = OptionalLong.empty();
    private int promptBytes;

    FactsReader(Members members, boolean stream) {
        this.members = members;
        this.stream = stream;
    }

    RequestFacts facts() throws BadRequest {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            String name = Spelling.camel(members.name(i));
            if (READ.contains(name)) {
                if (!seen.add(name)) {
                    throw BadRequest.duplicate(members.name(i));
                }
                read(name, i);
            }
        }
        if (!contents) {
            throw RequestReader.noContents();
        }
        return new RequestFacts(stream, choices, maxTokens, stopSequences, tools, jsonOutput, promptBytes);
    }

    private void read(String name, int i) throws BadRequest {
        ValueKind kind = members.kind(i);
        switch (name) {
            case "contents" -> {
                // Google's reader takes a single object for a list of one.
                if (kind != ValueKind.ARRAY && kind != ValueKind.OBJECT) {
                    throw wrong("contents", "a list of contents", kind);
                }
                contents = true;
                promptBytes += length(i);
            }
            case "systemInstruction" -> promptBytes += length(i);
            case "tools" -> {
                if (kind != ValueKind.ARRAY && kind != ValueKind.OBJECT && kind != ValueKind.NULL) {
                    throw wrong("tools", "a list of tools", kind);
                }
                tools = kind != ValueKind.NULL && !members.isEmptyList(i);
                promptBytes += length(i);
            }
            case "generationConfig" -> {
                if (kind != ValueKind.OBJECT && kind != ValueKind.NULL) {
                    throw wrong(members.name(i), "an object", kind);
                }
                config(members.json(i).getBytes(StandardCharsets.UTF_8));
            }
            default -> {
                // Only that it does not come twice.
            }
        }
    }

    private void config(byte[] json) throws BadRequest {
        // The body's depth was bounded when it was scanned.
        JsonWalk walk = new JsonWalk(Integer.MAX_VALUE);
        try {
            walk.over(json, 0, json.length);
            walk.object(CONFIG, name -> {
                switch (name) {
                    case "maxOutputTokens", "max_output_tokens" -> {
                        long count = walk.whole(-1);
                        maxTokens = count < 0 ? maxTokens : OptionalLong.of(Math.min(count, Integer.MAX_VALUE));
                    }
                    case "candidateCount", "candidate_count" -> {
                        long count = walk.whole(-1);
                        choices = count < 0
                                ? choices
                                : OptionalInt.of((int) Math.min(Math.max(1, count), Integer.MAX_VALUE));
                    }
                    case "stopSequences", "stop_sequences" -> {
                        if (walk.token() == Token.STRING) {
                            stopSequences = true;
                        }
                        walk.array(() -> stopSequences = true);
                    }
                    case "responseMimeType", "response_mime_type" ->
                        jsonOutput = !walk.among(JSON).isEmpty();
                    default -> {}
                }
            });
        } catch (MalformedJson impossible) {
            // The members were cut out of JSON that had been checked.
            throw BadRequest.notJson("The request's 'generationConfig' cannot be read as JSON.");
        }
    }

    private int length(int i) {
        return members.valueEnd(i) - members.valueStart(i);
    }

    private static BadRequest wrong(String field, String expected, ValueKind kind) {
        return BadRequest.invalid(field, "'" + field + "' must be " + expected + ", not " + kind.described() + ".");
    }
}
