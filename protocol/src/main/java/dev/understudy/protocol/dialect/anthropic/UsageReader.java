package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Tokens;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Reads and writes {@code usage}. Anthropic's {@code input_tokens} exclude what was read from or written to the prompt
 * cache; the neutral count of the prompt includes it. A stream has two counts: the second one replaces the first,
 * member by member.
 */
final class UsageReader {
    private static final NameTable MEMBERS = NameTable.of(
            "input_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "output_tokens",
            "output_tokens_details",
            "service_tier");
    private static final NameTable DETAILS = NameTable.of("thinking_tokens");

    /** Sums of such counts do not overflow. */
    private static final long MOST = 1L << 53;

    private long input = -1;
    private long read = -1;
    private long written = -1;
    private long output = -1;
    private long reasoning = -1;
    private String serviceTier = "";

    void read(JsonWalk walk) throws MalformedJson {
        walk.object(MEMBERS, name -> {
            switch (name) {
                case "input_tokens" -> input = count(walk, input);
                case "cache_read_input_tokens" -> read = count(walk, read);
                case "cache_creation_input_tokens" -> written = count(walk, written);
                case "output_tokens" -> output = count(walk, output);
                case "output_tokens_details" ->
                    walk.object(DETAILS, detail -> {
                        if (!detail.isEmpty()) {
                            reasoning = count(walk, reasoning);
                        }
                    });
                case "service_tier" -> serviceTier = walk.text();
                default -> {}
            }
        });
    }

    private static long count(JsonWalk walk, long before) throws MalformedJson {
        long count = walk.whole(-1);
        return count < 0 ? before : Math.min(count, MOST);
    }

    Tokens tokens() {
        boolean prompt = input >= 0 || read >= 0 || written >= 0;
        return new Tokens(
                said(prompt ? Math.max(input, 0) + Math.max(read, 0) + Math.max(written, 0) : -1),
                said(output),
                said(read),
                said(written),
                said(reasoning));
    }

    String serviceTier() {
        // Every other dialect calls the usual tier "default".
        return serviceTier.equals("standard") ? "default" : serviceTier;
    }

    private static OptionalLong said(long count) {
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }

    /** Writes the member {@code usage}. Clients require both counts, so an unknown one is 0. */
    static void write(JsonGenerator json, Tokens tokens, String serviceTier) throws IOException {
        long read = tokens.cached().orElse(0);
        long written = tokens.cacheWritten().orElse(0);
        json.writeObjectFieldStart("usage");
        json.writeNumberField("input_tokens", Math.max(0, tokens.prompt().orElse(0) - read - written));
        if (tokens.cacheWritten().isPresent()) {
            json.writeNumberField("cache_creation_input_tokens", written);
        }
        if (tokens.cached().isPresent()) {
            json.writeNumberField("cache_read_input_tokens", read);
        }
        json.writeNumberField("output_tokens", tokens.completion().orElse(0));
        if (tokens.reasoning().isPresent()) {
            json.writeObjectFieldStart("output_tokens_details");
            json.writeNumberField("thinking_tokens", tokens.reasoning().getAsLong());
            json.writeEndObject();
        }
        switch (serviceTier) {
            case "default" -> json.writeStringField("service_tier", "standard");
            case "standard", "priority", "batch" -> json.writeStringField("service_tier", serviceTier);
            default -> {
                // Anthropic has no other tiers, and the member is optional.
            }
        }
        json.writeEndObject();
    }
}
