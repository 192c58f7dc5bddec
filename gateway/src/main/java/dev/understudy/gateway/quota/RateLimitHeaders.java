package dev.understudy.gateway.quota;

import io.vertx.core.MultiMap;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The response headers that tell a caller the limits per minute of its key, with the names that the vendors' clients read.
 *
 * <p>They replace those of the provider that answered: the key's own limits are what the caller can act on, and the provider's
 * belong to all callers together.
 */
public final class RateLimitHeaders {
    private static final String OPENAI = "x-ratelimit-";
    private static final String ANTHROPIC = "anthropic-ratelimit-";
    private static final long TENTHS_OF_A_SECOND = 100_000_000;

    private RateLimitHeaders() {}

    /**
     * Puts the headers of a key on a response; does nothing if the key has no limit per minute.
     *
     * @param toAnthropics whether the caller's client is one of Anthropic's API
     * @param now by {@link System#nanoTime()}
     * @param at the same time of day
     */
    public static void put(MultiMap headers, KeyQuota quota, boolean toAnthropics, long now, Instant at) {
        if (!quota.hasRates()) {
            return;
        }
        removeThoseOfTheProvider(headers);
        put(headers, quota.requests(), "requests", toAnthropics, now, at);
        put(headers, quota.tokens(), "tokens", toAnthropics, now, at);
    }

    private static void removeThoseOfTheProvider(MultiMap headers) {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().toLowerCase(Locale.ROOT).contains("ratelimit")) {
                names.add(header.getKey());
            }
        }
        names.forEach(headers::remove);
    }

    private static void put(
            MultiMap headers, Optional<RateLimit> limit, String what, boolean toAnthropics, long now, Instant at) {
        if (limit.isEmpty()) {
            return;
        }
        RateLimit bucket = limit.get();
        String most = Integer.toString(bucket.perMinute());
        String remaining = Long.toString(bucket.remaining(now));
        long untilFull = bucket.untilFull(now);
        headers.set(OPENAI + "limit-" + what, most);
        headers.set(OPENAI + "remaining-" + what, remaining);
        headers.set(OPENAI + "reset-" + what, duration(untilFull));
        if (toAnthropics) {
            headers.set(ANTHROPIC + what + "-limit", most);
            headers.set(ANTHROPIC + what + "-remaining", remaining);
            // Rounded up to whole seconds.
            Instant full = at.plusNanos(untilFull + 999_999_999).truncatedTo(ChronoUnit.SECONDS);
            headers.set(ANTHROPIC + what + "-reset", full.toString());
        }
    }

    /** As OpenAI writes it, in Go's notation: {@code 6m0s}, {@code 1.2s}; rounded up to tenths of a second. */
    static String duration(long nanos) {
        long tenths = (nanos + TENTHS_OF_A_SECOND - 1) / TENTHS_OF_A_SECOND;
        long minutes = tenths / 600;
        long rest = tenths % 600;
        String seconds = rest % 10 == 0 ? rest / 10 + "s" : rest / 10 + "." + rest % 10 + "s";
        return minutes > 0 ? minutes + "m" + seconds : seconds;
    }
}
