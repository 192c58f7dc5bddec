package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Tokens;
import java.util.OptionalLong;

/** Reads {@code usage}. */
final class UsageReader {
    private static final NameTable MEMBERS =
            NameTable.of("input_tokens", "input_tokens_details", "output_tokens", "output_tokens_details");
    private static final NameTable DETAILS = NameTable.of("cached_tokens", "cache_write_tokens", "reasoning_tokens");

    private long input = -1;
    private long output = -1;
    private long cached = -1;
    private long cacheWritten = -1;
    private long reasoning = -1;

    private UsageReader() {}

    /** Reads the current object of the walk; no counts if it is {@code null}. */
    static Tokens read(JsonWalk walk) throws MalformedJson {
        UsageReader reader = new UsageReader();
        reader.usage(walk);
        return new Tokens(
                count(reader.input),
                count(reader.output),
                count(reader.cached),
                count(reader.cacheWritten),
                count(reader.reasoning));
    }

    private void usage(JsonWalk walk) throws MalformedJson {
        walk.object(MEMBERS, name -> {
            switch (name) {
                case "input_tokens" -> input = walk.whole(-1);
                case "output_tokens" -> output = walk.whole(-1);
                case "input_tokens_details", "output_tokens_details" -> details(walk);
                default -> {}
            }
        });
    }

    private void details(JsonWalk walk) throws MalformedJson {
        walk.object(DETAILS, name -> {
            switch (name) {
                case "cached_tokens" -> cached = walk.whole(-1);
                case "cache_write_tokens" -> cacheWritten = walk.whole(-1);
                case "reasoning_tokens" -> reasoning = walk.whole(-1);
                default -> {}
            }
        });
    }

    private static OptionalLong count(long said) {
        return said < 0 ? OptionalLong.empty() : OptionalLong.of(said);
    }
}
