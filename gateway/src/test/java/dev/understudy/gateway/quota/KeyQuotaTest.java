package dev.understudy.gateway.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.calls.config.ApiKey;
import dev.understudy.calls.config.Credential;
import dev.understudy.calls.config.KeyLimits;
import dev.understudy.calls.config.NamePatterns;
import dev.understudy.protocol.model.ModelPrice;
import io.vertx.core.MultiMap;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** The limits of one key in scripted time. */
class KeyQuotaTest {
    private static final long START = 1_000;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Instant NOON = Instant.parse("2027-01-31T12:00:00Z");
    private static final long DOLLAR = ModelPrice.picodollarsOf(BigDecimal.ONE);

    private static KeyQuota quota(
            OptionalInt requests, OptionalInt tokens, OptionalInt calls, KeyLimits.Budget budget) {
        return new KeyQuota(
                "team", key(requests, tokens, calls, budget).limits(), Optional.empty(), Optional.empty(), START);
    }

    private static ApiKey key(OptionalInt requests, OptionalInt tokens, OptionalInt calls, KeyLimits.Budget budget) {
        KeyLimits limits = new KeyLimits(NamePatterns.ANY, Set.of(), requests, tokens, calls, budget, Optional.empty());
        return new ApiKey("team", Credential.of("a-key-of-the-team"), limits);
    }

    private static KeyLimits.Budget budget(String day, String month) {
        return new KeyLimits.Budget(
                Optional.of(day).filter(text -> !text.isEmpty()).map(BigDecimal::new),
                Optional.of(month).filter(text -> !text.isEmpty()).map(BigDecimal::new),
                false);
    }

    private static void assertExceeded(KeyQuota quota, long now, Instant at, String code, long seconds) {
        assertThatThrownBy(() -> quota.admit(10, DOLLAR, now, at))
                .asInstanceOf(InstanceOfAssertFactories.type(QuotaExceeded.class))
                .satisfies(exceeded -> {
                    assertThat(exceeded.details().code()).isEqualTo(code);
                    assertThat(exceeded.details().message()).contains("'team'");
                    assertThat(exceeded.retryAfterSeconds()).isEqualTo(seconds);
                });
    }

    @Test
    void requestsPerMinute() throws QuotaExceeded {
        KeyQuota quota = quota(OptionalInt.of(2), OptionalInt.empty(), OptionalInt.empty(), KeyLimits.Budget.NONE);
        quota.admit(0, 0, START, NOON).settle(0, 0, START, NOON);
        quota.admit(0, 0, START, NOON).settle(0, 0, START, NOON);
        assertExceeded(quota, START, NOON, "requests_per_minute_exceeded", 30);
        quota.admit(0, 0, START + 30 * SECOND, NOON);
    }

    @Test
    void tokensAreReservedAndSettled() throws QuotaExceeded {
        KeyQuota quota = quota(OptionalInt.of(100), OptionalInt.of(600), OptionalInt.empty(), KeyLimits.Budget.NONE);
        Reservation large = quota.admit(600, 0, START, NOON);
        assertExceeded(quota, START, NOON, "tokens_per_minute_exceeded", 1);
        assertThat(quota.requests().orElseThrow().remaining(START))
                .as("a rejected request uses nothing")
                .isEqualTo(99);
        // The prompt was smaller than estimated.
        large.settle(100, 0, START, NOON);
        large.settle(5_000, 0, START, NOON);
        assertThat(quota.tokens().orElseThrow().remaining(START)).isEqualTo(500);
        // A long answer is paid by those who come later.
        quota.admit(100, 0, START, NOON).settle(1_100, 0, START, NOON);
        assertExceeded(quota, START, NOON, "tokens_per_minute_exceeded", 61);
    }

    @Test
    void callsInProgress() throws QuotaExceeded {
        KeyQuota quota = quota(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.of(1), KeyLimits.Budget.NONE);
        Reservation first = quota.admit(0, 0, START, NOON);
        assertExceeded(quota, START, NOON, "concurrent_calls_exceeded", 1);
        first.settle(0, 0, START, NOON);
        first.settle(0, 0, START, NOON);
        quota.admit(0, 0, START, NOON);
        assertExceeded(quota, START, NOON, "concurrent_calls_exceeded", 1);
    }

    @Test
    void budgetsBeginAnewAtMidnightAndOnTheFirst() throws QuotaExceeded {
        KeyQuota quota = quota(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), budget("5.00", "8"));
        quota.admit(1, DOLLAR, START, NOON).settle(1, 5 * DOLLAR, START, NOON);
        assertExceeded(quota, START, NOON, "daily_budget_exceeded", 12 * 3_600);
        Instant february = Instant.parse("2027-02-01T00:00:00Z");
        quota.admit(1, DOLLAR, START, february).settle(1, 4 * DOLLAR, START, february);
        Instant second = Instant.parse("2027-02-02T23:00:00Z");
        quota.admit(1, DOLLAR, START, second).settle(1, 4 * DOLLAR, START, second);
        assertThat(quota.spent(second)).containsExactly(4 * DOLLAR, 8 * DOLLAR);
        assertExceeded(quota, START, second, "monthly_budget_exceeded", 26 * 86_400 + 3_600);
        quota.admit(1, DOLLAR, START, Instant.parse("2027-03-01T00:00:00Z"));
    }

    @Test
    void whatIsReservedCountsUntilTheCallEnds() throws QuotaExceeded {
        KeyQuota quota = quota(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), budget("1", ""));
        Reservation running = quota.admit(1, DOLLAR, START, NOON);
        assertExceeded(quota, START, NOON, "daily_budget_exceeded", 12 * 3_600);
        running.settle(1, DOLLAR / 2, START, NOON);
        assertThat(quota.spent(NOON)).containsExactly(DOLLAR / 2);
    }

    @Test
    void aCallThatEndsOnTheNextDayIsPaidThen() throws QuotaExceeded {
        KeyQuota quota = quota(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), budget("10", "10"));
        Instant lateInJune = Instant.parse("2027-06-30T23:59:59Z");
        Instant july = Instant.parse("2027-07-01T00:00:01Z");
        quota.admit(1, 2 * DOLLAR, START, lateInJune).settle(1, 3 * DOLLAR, START, july);
        assertThat(quota.spent(july)).containsExactly(3 * DOLLAR, 3 * DOLLAR);
    }

    @Test
    void useIsKeptWhenTheConfigurationChanges() throws QuotaExceeded {
        Instant now = Instant.now();
        GatewayKeys before = GatewayKeys.of(
                List.of(key(OptionalInt.of(1), OptionalInt.empty(), OptionalInt.of(1), budget("2", ""))));
        KeyQuota old = quotaOf(before);
        Reservation running = old.admit(1, DOLLAR, System.nanoTime(), now);

        KeyQuota changed = quotaOf(before.changedTo(
                List.of(key(OptionalInt.of(1), OptionalInt.empty(), OptionalInt.of(2), budget("3", "100")))));
        assertThat(changed.requests().orElseThrow()).isSameAs(old.requests().orElseThrow());
        assertThat(changed.spent(now)).containsExactly(DOLLAR, 0L);
        running.settle(1, 2 * DOLLAR, System.nanoTime(), now);
        assertThat(changed.spent(now)).containsExactly(2 * DOLLAR, 0L);

        GatewayKeys gone = before.changedTo(List.of());
        assertThat(gone.areNone()).isTrue();
    }

    private static KeyQuota quotaOf(GatewayKeys keys) {
        return keys.find("a-key-of-the-team").orElseThrow().quota().orElseThrow();
    }

    @Test
    void headersReplaceThoseOfTheProvider() throws QuotaExceeded {
        KeyQuota quota = quota(OptionalInt.of(60), OptionalInt.of(1_000), OptionalInt.empty(), KeyLimits.Budget.NONE);
        quota.admit(400, 0, START, NOON);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("X-RateLimit-Limit-Requests", "9")
                .add("anthropic-ratelimit-input-tokens-limit", "9")
                .add("request-id", "r");
        RateLimitHeaders.put(headers, quota, true, START, NOON);
        assertThat(headers.names())
                .containsExactlyInAnyOrder(
                        "request-id",
                        "x-ratelimit-limit-requests",
                        "x-ratelimit-remaining-requests",
                        "x-ratelimit-reset-requests",
                        "x-ratelimit-limit-tokens",
                        "x-ratelimit-remaining-tokens",
                        "x-ratelimit-reset-tokens",
                        "anthropic-ratelimit-requests-limit",
                        "anthropic-ratelimit-requests-remaining",
                        "anthropic-ratelimit-requests-reset",
                        "anthropic-ratelimit-tokens-limit",
                        "anthropic-ratelimit-tokens-remaining",
                        "anthropic-ratelimit-tokens-reset");
        assertThat(headers.get("x-ratelimit-limit-requests")).isEqualTo("60");
        assertThat(headers.get("x-ratelimit-remaining-requests")).isEqualTo("59");
        assertThat(headers.get("x-ratelimit-reset-requests")).isEqualTo("1s");
        assertThat(headers.get("x-ratelimit-remaining-tokens")).isEqualTo("600");
        assertThat(headers.get("x-ratelimit-reset-tokens")).isEqualTo("24s");
        assertThat(headers.get("anthropic-ratelimit-tokens-reset")).isEqualTo("2027-01-31T12:00:24Z");
        assertThat(RateLimitHeaders.duration(361 * SECOND + 1)).isEqualTo("6m1.1s");
    }
}
