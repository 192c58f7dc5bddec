package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Tokens;
import java.util.OptionalLong;

/** Reads {@code usage} with the details that vendors have put into it. */
final class UsageReader {
    private static final NameTable COUNTS = NameTable.of(
            "prompt_tokens",
            "completion_tokens",
            "total_tokens",
            "prompt_tokens_details",
            "completion_tokens_details",
            "prompt_cache_hit_tokens",
            "cached_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens");
    private static final NameTable DETAILS =
            NameTable.of("cached_tokens", "cache_write_tokens", "cache_creation_tokens", "reasoning_tokens");

    private final JsonWalk walk;
    private long prompt = -1;
    private long completion = -1;
    private long total = -1;
    private long cached = -1;
    private long written = -1;
    private long reasoning = -1;

    private UsageReader(JsonWalk walk) {
        this.walk = walk;
    }

    static Tokens read(JsonWalk walk) throws MalformedJson {
        UsageReader reader = new UsageReader(walk);
        walk.object(COUNTS, reader::count);
        return reader.tokens();
    }

    private void count(String name) throws MalformedJson {
        switch (name) {
            case "prompt_tokens" -> prompt = walk.whole(-1);
            case "completion_tokens" -> completion = walk.whole(-1);
            case "total_tokens" -> total = walk.whole(-1);
            case "prompt_tokens_details", "completion_tokens_details" -> walk.object(DETAILS, this::detail);
            // DeepSeek, Moonshot, LiteLLM.
            case "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens" ->
                cached = Math.max(cached, walk.whole(-1));
            case "cache_creation_input_tokens" -> written = Math.max(written, walk.whole(-1));
            default -> {}
        }
    }

    private void detail(String name) throws MalformedJson {
        switch (name) {
            case "cached_tokens" -> cached = Math.max(cached, walk.whole(-1));
            // OpenRouter, LiteLLM.
            case "cache_write_tokens", "cache_creation_tokens" -> written = Math.max(written, walk.whole(-1));
            case "reasoning_tokens" -> reasoning = walk.whole(-1);
            default -> {}
        }
    }

    private Tokens tokens() {
        // xAI counts its reasoning beside the completion; the total gives it away.
        boolean beside = prompt >= 0 && completion >= 0 && reasoning > 0 && total == prompt + completion + reasoning;
        return new Tokens(
                counted(prompt),
                counted(beside ? completion + reasoning : completion),
                counted(cached),
                counted(written),
                counted(reasoning));
    }

    private static OptionalLong counted(long tokens) {
        return tokens < 0 ? OptionalLong.empty() : OptionalLong.of(tokens);
    }
}
