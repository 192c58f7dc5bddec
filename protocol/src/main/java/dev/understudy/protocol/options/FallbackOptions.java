package dev.understudy.protocol.options;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Recovery;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a caller asked of the fallback layer, in whichever vocabulary it was said.
 *
 * <p>Everything here is a wish of one request; what is empty was not said and is left to the model's configuration.
 *
 * @param vocabulary the system whose words named the fallbacks, such as {@code litellm}; empty if none did
 * @param primary the model to ask first where a vocabulary names it outside {@code model} (OpenRouter's {@code models});
 *     it goes before {@code model}
 * @param primaryTimeout how long the primary may take, if it has a limit of its own
 * @param primaryOverrides top-level members that replace or join the request's own, for the primary only
 * @param fallbacks the ordered fallbacks; an empty list is a wish for none
 * @param onContextLength fallbacks for prompts that are too long, instead of the others
 * @param onContentPolicy fallbacks for answers that a content filter stopped
 * @param only providers, or models, to which the call is confined; empty for no limit
 * @param without models and providers that must not be used, for fallbacks too
 * @param providerOrder providers to prefer, in order, among the targets of the chain
 * @param credentials keys that the caller brought for this call
 * @param fallbackOn kinds of failure that continue the chain though they usually end it; an empty set is a wish for none
 * @param fallbackStatuses if not empty, the only HTTP statuses of failures that continue the chain
 * @param limits how long the caller is willing to wait for what
 * @param retries how often the same target is asked again
 * @param retryAfter the wait before such a retry, if the caller fixed it
 * @param retryWaits the bounds of that wait, if it is not fixed
 * @param stream what the caller wants of a stream
 * @param acceptEmpty whether a blank answer is welcome
 * @param accept what else an answer must be like
 * @param hedging whether a second target may be started beside a late attempt
 * @param trailInBody whether the answer's body should carry the trail too
 * @param failPrimaryOnPurpose whether the primary is to be treated as failed, to try the fallbacks out
 * @param logging labels for the access log, and whether the call is logged at all
 */
public record FallbackOptions(
        String vocabulary,
        Optional<String> primary,
        Optional<Duration> primaryTimeout,
        List<Override> primaryOverrides,
        Optional<List<Fallback>> fallbacks,
        List<Fallback> onContextLength,
        List<Fallback> onContentPolicy,
        Set<String> only,
        Set<String> without,
        List<String> providerOrder,
        List<Credential> credentials,
        Optional<Set<FailureKind>> fallbackOn,
        Set<Integer> fallbackStatuses,
        Limits limits,
        OptionalInt retries,
        Optional<Duration> retryAfter,
        RetryWaits retryWaits,
        StreamWish stream,
        Optional<Boolean> acceptEmpty,
        AcceptWish accept,
        Optional<Boolean> hedging,
        boolean trailInBody,
        boolean failPrimaryOnPurpose,
        LogWish logging) {

    /** Nothing was asked. */
    public static final FallbackOptions NONE = new FallbackOptionsBuilder().build();

    public FallbackOptions {
        primaryOverrides = List.copyOf(primaryOverrides);
        fallbacks = fallbacks.map(List::copyOf);
        onContextLength = List.copyOf(onContextLength);
        onContentPolicy = List.copyOf(onContentPolicy);
        // Not Set.copyOf, which forgets the order.
        only = Collections.unmodifiableSet(new LinkedHashSet<>(only));
        without = Collections.unmodifiableSet(new LinkedHashSet<>(without));
        providerOrder = List.copyOf(providerOrder);
        credentials = List.copyOf(credentials);
        fallbackOn = fallbackOn.map(Set::copyOf);
        fallbackStatuses = Set.copyOf(fallbackStatuses);
    }

    /** Whether nothing was asked. An ask that says nothing in its own words is not looked through to find that out. */
    @SuppressWarnings("ReferenceEquality")
    public boolean isSilent() {
        return this == NONE;
    }

    /** Makes one piece by piece; what is not set was not said. */
    public static FallbackOptionsBuilder builder() {
        return new FallbackOptionsBuilder();
    }

    /**
     * What is said here, and where this is silent, what {@code lower} says. Keys and labels are gathered from both; a
     * wish to stay out of the log holds whoever voiced it.
     */
    @SuppressWarnings("ReferenceEquality") // The usual case, and the cheap way to see it: nothing was said.
    FallbackOptions or(FallbackOptions lower) {
        return this == NONE ? lower : lower == NONE ? this : FallbackOptionsBuilder.merged(this, lower);
    }

    /**
     * One fallback of a request.
     *
     * @param model a configured name, {@code provider/model} or a well-known bare name
     * @param timeout how long this one may take, if the caller said so
     * @param overrides top-level members that replace or join the request's own, for this target only
     */
    public record Fallback(String model, Optional<Duration> timeout, List<Override> overrides) {
        public Fallback {
            overrides = List.copyOf(overrides);
        }

        public static Fallback of(String model) {
            return new Fallback(model, Optional.empty(), List.of());
        }
    }

    /**
     * A top-level member of the request that one target has of its own.
     *
     * @param name the member's name; never {@code model}
     * @param json its value as JSON text
     */
    public record Override(String name, String json) {}

    /**
     * A key that a caller brought, for this call only. It is never logged, stored or echoed.
     *
     * @param name the provider, or the model, whose calls it is for
     * @param key the secret itself; empty if only an address was said
     * @param url the address to use it at; only if the configuration lets callers choose addresses
     * @param apiVersion the version of the API to ask for, where a provider has such (Azure)
     */
    public record Credential(String name, String key, Optional<String> url, Optional<String> apiVersion) {
        @java.lang.Override
        public String toString() {
            return "Credential[name=" + name + ", key=(hidden)]";
        }
    }

    /**
     * What a request says about time. Late marks ({@code connect} to {@code reasoning}) start a hedge unless {@code whenLate}
     * says otherwise; {@code attempt} and {@code streamAttempt} are limits.
     *
     * @param deadline the time in which attempts may begin
     * @param attempt for each attempt ({@code timeout} of LiteLLM)
     * @param streamAttempt the same, for streams only
     * @param connect for a connection
     * @param firstToken for the first content
     * @param idle between pieces of content
     * @param answer for an answer that is not streamed
     * @param reasoning for what comes from a model that reasons first
     * @param whenLate what the late marks do
     * @param callerWaits how long the caller's client waits by itself ({@code x-stainless-timeout} and its like), whatever
     *     the caller wishes; an answer that comes later is wasted
     */
    public record Limits(
            Optional<Duration> deadline,
            Optional<Duration> attempt,
            Optional<Duration> streamAttempt,
            Optional<Duration> connect,
            Optional<Duration> firstToken,
            Optional<Duration> idle,
            Optional<Duration> answer,
            Optional<Duration> reasoning,
            Optional<WhenLate> whenLate,
            Optional<Duration> callerWaits) {
        public static final Limits NONE = new Limits(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        /** Limits for each attempt, and nothing else. */
        static Limits ofAttempts(Optional<Duration> each, Optional<Duration> eachStream) {
            return each.isEmpty() && eachStream.isEmpty()
                    ? NONE
                    : new Limits(
                            Optional.empty(),
                            each,
                            eachStream,
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty());
        }

        /** How long the caller's client waits, and nothing else. */
        static Limits ofPatience(Duration callerWaits) {
            return new Limits(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(callerWaits));
        }

        /** What is said here, and where this is silent, what {@code lower} says. */
        Limits or(Limits lower) {
            return new Limits(
                    deadline.or(lower::deadline),
                    attempt.or(lower::attempt),
                    streamAttempt.or(lower::streamAttempt),
                    connect.or(lower::connect),
                    firstToken.or(lower::firstToken),
                    idle.or(lower::idle),
                    answer.or(lower::answer),
                    reasoning.or(lower::reasoning),
                    whenLate.or(lower::whenLate),
                    callerWaits.or(lower::callerWaits));
        }
    }

    /**
     * @param base the first backoff's upper bound
     * @param cap every backoff's upper bound
     * @param patience the longest wait that a provider's hint may impose
     */
    public record RetryWaits(Optional<Duration> base, Optional<Duration> cap, Optional<Duration> patience) {
        public static final RetryWaits NONE = new RetryWaits(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * @param commit when bytes may reach the caller: {@code first-content} or {@code complete}
     * @param recovery what becomes of one that breaks after that
     * @param keepAlive how often it gets a sign of life
     * @param toolCalls how tool calls reach the caller
     */
    public record StreamWish(
            Optional<CommitPoint> commit,
            Optional<Recovery> recovery,
            Optional<KeepAliveInterval> keepAlive,
            Optional<ToolCallDelivery> toolCalls) {
        public static final StreamWish NONE =
                new StreamWish(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** What is said here, and where this is silent, what {@code lower} says. */
        StreamWish or(StreamWish lower) {
            return new StreamWish(
                    commit.or(lower::commit),
                    recovery.or(lower::recovery),
                    keepAlive.or(lower::keepAlive),
                    toolCalls.or(lower::toolCalls));
        }
    }

    /**
     * What an answer must be like to be accepted, beside not being blank.
     *
     * @param json whether the content must be JSON, and meet the schema, where the request asks for such
     * @param tools whether calls must be of the request's tools, with arguments that are JSON objects
     * @param minLength how many characters the text must have
     * @param matches what the text must contain
     */
    public record AcceptWish(
            Optional<Boolean> json, Optional<Boolean> tools, OptionalInt minLength, Optional<AnswerPattern> matches) {
        public static final AcceptWish NONE =
                new AcceptWish(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());
    }

    /**
     * @param quiet the caller asked that the call is not logged
     * @param customer the caller's own name for its customer; empty if not said
     * @param tags labels, as {@code name=value}
     */
    public record LogWish(boolean quiet, String customer, List<String> tags) {
        public static final LogWish NONE = new LogWish(false, "", List.of());

        public LogWish {
            tags = List.copyOf(tags);
        }
    }
}
