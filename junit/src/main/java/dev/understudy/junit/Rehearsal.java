package dev.understudy.junit;

import dev.understudy.rehearsal.Act;
import dev.understudy.rehearsal.RehearsalProvider;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A provider on a loopback port that fails on demand: which fault a request gets, its model's name says.
 *
 * <p>It speaks OpenAI's Chat Completions, streamed or not, and accepts any key, so every client with a base URL can use it. The
 * methods with the names of faults return names of models. They are plain text, such as {@code down} or {@code cut?at=12}, and can
 * be written by hand where a constant is needed; {@link Act} lists them all.
 *
 * <pre>{@code
 * @ExtendWith(RehearsalExtension.class)
 * class FailoverTest {
 *     @Test
 *     void theFallbackAnswers(Rehearsal rehearsal) {
 *         try (Understudy understudy = Understudy.builder()
 *                 .provider("test", rehearsal.baseUri())
 *                 .build()) {
 *             Completion answer = understudy.completion(CompletionRequest.of("test/" + rehearsal.down())
 *                     .user("Hello")
 *                     .fallbacks("test/" + rehearsal.ok("Hi"))
 *                     .build());
 *             assertEquals("Hi", answer.text());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Without JUnit, {@link #start} starts one. Safe for use by many threads.
 */
public final class Rehearsal implements AutoCloseable {
    private static final long SECONDS_TO_START = 30;

    private final Vertx vertx;
    private final RehearsalProvider provider;

    private Rehearsal(Vertx vertx, RehearsalProvider provider) {
        this.vertx = vertx;
        this.provider = provider;
    }

    /**
     * Starts a provider of its own on a port that is free. Its threads do not keep the process alive.
     *
     * @throws IllegalStateException if no port can be bound
     */
    public static Rehearsal start() {
        // It serves from memory, so no files are extracted to a temporary folder; and a busy machine needs no warnings
        // about it.
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setUseDaemonThread(true)
                .setBlockedThreadCheckInterval(TimeUnit.HOURS.toMillis(1))
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        try {
            return new Rehearsal(vertx, await(RehearsalProvider.start(vertx)));
        } catch (CompletionException failed) {
            vertx.close();
            throw new IllegalStateException("the rehearsal provider could not be started", failed.getCause());
        }
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SECONDS_TO_START, TimeUnit.SECONDS)
                .join();
    }

    /** What a client takes as its base URL: {@code http://127.0.0.1:PORT/v1}. */
    public String baseUrl() {
        return provider.baseUrl();
    }

    /** The same as a URI. */
    public URI baseUri() {
        return URI.create(baseUrl());
    }

    // Answers.

    /** Answers at once, with sixty counted words. */
    public String ok() {
        return Act.OK.id();
    }

    /** Answers at once, with this text. */
    public String ok(String text) {
        return Act.OK.id() + "?text=" + encoded(text);
    }

    /** Answers, but its first content comes this late. */
    public String slow(Duration late) {
        return Act.SLOW.id() + "?ttft=" + millis(late, "late");
    }

    /** Calls the first tool that the request offers. */
    public String toolCall() {
        return Act.TOOL_CALL.id();
    }

    /** Answers with a JSON object. */
    public String json() {
        return Act.JSON.id();
    }

    // Errors.

    /** Is out of service: 503. */
    public String down() {
        return Act.DOWN.id();
    }

    /**
     * Fails with an error of this status.
     *
     * @param status from 400 to 599
     */
    public String error(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status + "; an error has one from 400 to 599");
        }
        return Act.ERROR.id() + "?status=" + status;
    }

    /** Has no capacity: the error of OpenAI for overloaded models. */
    public String overloaded() {
        return Act.OVERLOADED.id();
    }

    /**
     * Has a rate limit: 429 with {@code Retry-After}.
     *
     * @param retryAfter after which time a retry is welcome
     */
    public String throttled(Duration retryAfter) {
        return Act.THROTTLED.id() + "?after=" + millis(retryAfter, "retryAfter");
    }

    /** The account's credit is used up: 429, and no retry helps. */
    public String quotaExhausted() {
        return Act.QUOTA.id();
    }

    /** Refuses the key: 401. */
    public String unauthorized() {
        return Act.UNAUTHORIZED.id();
    }

    /** Refuses the key's permission: 403. */
    public String forbidden() {
        return Act.FORBIDDEN.id();
    }

    /** Does not have the model: 404. */
    public String missing() {
        return Act.MISSING.id();
    }

    /** Refuses the request as invalid: 400. */
    public String badRequest() {
        return Act.BAD_REQUEST.id();
    }

    /** Refuses the prompt as too long: 400. */
    public String tooLong() {
        return Act.TOO_LONG.id();
    }

    /** Its content filter refuses the prompt: 400. */
    public String filtered() {
        return Act.FILTERED.id();
    }

    // Faults of the connection.

    /** Closes the connection without an answer. */
    public String refused() {
        return Act.REFUSED.id();
    }

    /** Resets the connection without an answer. */
    public String reset() {
        return Act.RESET.id();
    }

    /** Takes the request and never answers. */
    public String silent() {
        return Act.SILENT.id();
    }

    /**
     * Answers, and closes the connection in the middle.
     *
     * @param words how many words of the answer come before
     */
    public String cutAfter(int words) {
        return Act.CUT.id() + "?at=" + words(words);
    }

    /** Answers, and resets the connection after this many words. */
    public String resetAfter(int words) {
        return Act.CUT.id() + "?how=reset&at=" + words(words);
    }

    /** Answers, and stalls after this many words. */
    public String stallAfter(int words) {
        return Act.STALL.id() + "?at=" + words(words);
    }

    /** Answers, and reports an error behind the good status after this many words. */
    public String errorAfter(int words) {
        return Act.ERROR_EVENT.id() + "?at=" + words(words);
    }

    // Answers that are none.

    /** Answers with no text. */
    public String blank() {
        return Act.EMPTY.id();
    }

    /** Answers with a broken body. */
    public String garbled() {
        return Act.GARBLED.id();
    }

    // Faults that pass.

    /** Fails the first time with 500, then answers. */
    public String failsOnce() {
        return Act.ONCE.id();
    }

    /**
     * Fails a share of the requests with 503, by a seeded chance: the same seed fails the same requests.
     *
     * @param share from 0 to 1
     */
    public String flaky(double share, int seed) {
        if (!(share >= 0 && share <= 1) || seed < 0) {
            throw new IllegalArgumentException("share is " + share + " and seed is " + seed
                    + "; use a share from 0 to 1, and a seed of 0 or more");
        }
        return Act.FLAKY.id() + "?p=" + String.format(Locale.ROOT, "%.6f", share) + "&seed=" + seed;
    }

    // What was received.

    /** How many requests for this model were received, since the test began or {@link #forget} was called. */
    public long requests(String model) {
        return provider.requestsSeen(model);
    }

    /** How many requests for any model were received. */
    public long requests() {
        return provider.requestsSeen();
    }

    /** How many requests are being answered: 0 soon after all callers have their answers or have cancelled. */
    public int openRequests() {
        return provider.openExchanges();
    }

    /** Sets the counts to zero, and lets {@link #failsOnce} and {@link #flaky} begin anew. */
    public void forget() {
        provider.forget();
    }

    /** Stops it, and closes every connection. */
    @Override
    public void close() {
        await(provider.close());
        await(vertx.close());
    }

    private static String encoded(String text) {
        if (text == null || text.isEmpty()) {
            throw new IllegalArgumentException("text is empty; use ok() for a text of its own, or blank() for none");
        }
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String millis(Duration time, String name) {
        if (time == null || time.isNegative() || time.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(name + " is " + time + "; use a time from zero to one hour");
        }
        return time.toMillis() + "ms";
    }

    private static int words(int words) {
        if (words < 0 || words > 20_000) {
            throw new IllegalArgumentException("words is " + words + "; use a number from 0 to 20000");
        }
        return words;
    }
}
