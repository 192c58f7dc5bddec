package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Tokens;
import java.util.OptionalLong;

/** Reads {@code usage}. */
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
    private long cacheWritten = -1;
    private long reasoning = -1;

    private UsageReader(JsonWalk walk) {
        this.walk = walk;
    }

    /** Reads the object that the walk stands on. */
    static Tokens read(JsonWalk walk) throws MalformedJson {
        UsageReader members = new UsageReader(walk);
        walk.object(COUNTS, members::member);
        return members.tokens();
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "prompt_tokens" -> prompt = walk.whole(prompt);
            case "completion_tokens" -> completion = walk.whole(completion);
            case "total_tokens" -> total = walk.whole(total);
            // DeepSeek's, Moonshot's, and LiteLLM's for models of Anthropic.
            case "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens" -> cached = walk.whole(cached);
            case "cache_creation_input_tokens" -> cacheWritten = walk.whole(cacheWritten);
            case "prompt_tokens_details", "completion_tokens_details" -> walk.object(DETAILS, this::detail);
            default -> {}
        }
    }

    private void detail(String name) throws MalformedJson {
        switch (name) {
            case "cached_tokens" -> cached = walk.whole(cached);
            case "cache_write_tokens", "cache_creation_tokens" -> cacheWritten = walk.whole(cacheWritten);
            case "reasoning_tokens" -> reasoning = walk.whole(reasoning);
            default -> {}
        }
    }

    private Tokens tokens() {
        // Google and xAI count the reasoning in the total and not in the completion.
        boolean reasoningApart = prompt >= 0 && completion >= 0 && total - prompt > completion;
        return new Tokens(
                count(prompt),
                count(reasoningApart ? total - prompt : completion),
                count(cached),
                count(cacheWritten),
                count(reasoning),
                count(prompt >= 0 && completion >= 0 ? -1 : total));
    }

    private static OptionalLong count(long tokens) {
        return tokens < 0 ? OptionalLong.empty() : OptionalLong.of(tokens);
    }
}
