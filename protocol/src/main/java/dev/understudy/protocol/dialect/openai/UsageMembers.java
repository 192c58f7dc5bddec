package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.util.OptionalLong;

/** {@code usage}, both ways. */
final class UsageMembers {
    private static final NameTable COUNTS = NameTable.of(
            "prompt_tokens",
            "completion_tokens",
            "prompt_tokens_details",
            "completion_tokens_details",
            "prompt_cache_hit_tokens");
    private static final NameTable DETAILS =
            NameTable.of("cached_tokens", "cache_write_tokens", "cache_creation_tokens", "reasoning_tokens");

    private long prompt = -1;
    private long completion = -1;
    private long cached = -1;
    private long cacheWritten = -1;
    private long reasoning = -1;

    private UsageMembers() {}

    /** Reads the object that the walk stands on. */
    static Tokens read(JsonWalk walk) throws MalformedJson {
        UsageMembers members = new UsageMembers();
        walk.object(COUNTS, name -> members.member(name, walk));
        return new Tokens(
                count(members.prompt),
                count(members.completion),
                count(members.cached),
                count(members.cacheWritten),
                count(members.reasoning));
    }

    private void member(String name, JsonWalk walk) throws MalformedJson {
        switch (name) {
            case "prompt_tokens" -> prompt = walk.whole(-1);
            case "completion_tokens" -> completion = walk.whole(-1);
            // DeepSeek's.
            case "prompt_cache_hit_tokens" -> cached = walk.whole(-1);
            case "prompt_tokens_details", "completion_tokens_details" ->
                walk.object(DETAILS, detail -> {
                    switch (detail) {
                        case "cached_tokens" -> cached = walk.whole(-1);
                        case "cache_write_tokens", "cache_creation_tokens" -> cacheWritten = walk.whole(-1);
                        case "reasoning_tokens" -> reasoning = walk.whole(-1);
                        default -> {}
                    }
                });
            default -> {}
        }
    }

    private static OptionalLong count(long tokens) {
        return tokens < 0 ? OptionalLong.empty() : OptionalLong.of(tokens);
    }

    static void write(JsonGenerator json, Tokens tokens) throws IOException {
        json.writeObjectFieldStart("usage");
        json.writeNumberField("prompt_tokens", tokens.prompt().orElse(0));
        json.writeNumberField("completion_tokens", tokens.completion().orElse(0));
        json.writeNumberField("total_tokens", tokens.total().orElse(0));
        if (tokens.cached().isPresent() || tokens.cacheWritten().isPresent()) {
            json.writeObjectFieldStart("prompt_tokens_details");
            json.writeNumberField("cached_tokens", tokens.cached().orElse(0));
            if (tokens.cacheWritten().isPresent()) {
                json.writeNumberField(
                        "cache_write_tokens", tokens.cacheWritten().getAsLong());
            }
            json.writeEndObject();
        }
        if (tokens.reasoning().isPresent()) {
            json.writeObjectFieldStart("completion_tokens_details");
            json.writeNumberField("reasoning_tokens", tokens.reasoning().getAsLong());
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
