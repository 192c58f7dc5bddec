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
 * What a request says about its fallbacks, in any vocabulary.
 *
 * <p>All options are those of one request; an empty one is absent, and the model's configuration applies.
 *
 * @param vocabulary the system in whose vocabulary the fallbacks are named, such as {@code litellm}; empty if none are
 * @param primary the model to try first where a vocabulary names it outside {@code model} (OpenRouter's {@code models});
 *     it takes precedence over {@code model}
 * @param primaryTimeout how long the primary may take, if it has a limit of its own
 * @param primaryOverrides top-level members that replace or join the request's own, for the primary only
 * @param primaryShare the primary's share of the calls, if the request distributes them among the primary and fallbacks
 * @param fallbacks the ordered fallbacks; an empty list turns them off
 * @param onContextLength fallbacks for prompts that are too long, in place of the others
 * @param onContentPolicy fallbacks for answers that a content filter stopped
 * @param only providers, or models, to which the call is confined; empty for no limit
 * @param without models and providers that must not be used, for fallbacks too
 * @param providerOrder providers to prefer, in order, among the targets of the chain
 * @param credentials the caller's own keys, for this call only
 * @param fallbackOn kinds of failure that continue the chain though they usually end it; an empty set means none
 * @param fallbackStatuses if not empty, the only HTTP statuses of failures that continue the chain
 * @param limits limits on time
 * @param retries how often the same target is retried
 * @param retryAfter the wait before such a retry, if it is fixed
 * @param retryWaits the bounds of that wait, if it is not fixed
 * @param stream options for streams
 * @param acceptEmpty whether a blank answer is accepted
 * @param accept further conditions that an answer must meet
 * @param hedging whether a second target may be started beside a late attempt
 * @param trailInBody whether the answer's body should carry the trail too
 * @param failPrimaryOnPurpose whether the primary is to be treated as failed, to test the fallbacks
 * @param logging labels for the access log, and whether the call is logged at all
 */
public record FallbackOptions(
        String vocabulary,
        Optional<String> primary,
        Optional<Duration> primaryTimeout,
        List<Override> primaryOverrides,
        Optional<Share> primaryShare,
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
        StreamOptions stream,
        Optional<Boolean> acceptEmpty,
        AcceptOptions accept,
        Optional<Boolean> hedging,
        boolean trailInBody,
        boolean failPrimaryOnPurpose,
        LogOptions logging) {

    /** No options. */
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

    /** Whether the request had no options. Options that are present but empty are not detected. */
    @SuppressWarnings("ReferenceEquality")
    public boolean isSilent() {
        return this == NONE;
    }

    /** A builder; what is not set is absent. */
    public static FallbackOptionsBuilder builder() {
        return new FallbackOptionsBuilder();
    }

    /**
     * These options, and those of {@code lower} where these are absent. Keys and labels are taken from both; the call is not
     * logged if either says so.
     */
    @SuppressWarnings("ReferenceEquality") // The usual case, and the cheap way to detect it: no options.
    public FallbackOptions or(FallbackOptions lower) {
        return this == NONE ? lower : lower == NONE ? this : FallbackOptionsBuilder.merged(this, lower);
    }

    /**
     * One fallback of a request.
     *
     * @param model a configured name, {@code provider/model} or a well-known bare name
     * @param timeout how long this one may take, if it has a limit
     * @param overrides top-level members that replace or join the request's own, for this target only
     * @param share its share of the calls, if the request distributes them
     */
    public record Fallback(String model, Optional<Duration> timeout, List<Override> overrides, Optional<Share> share) {
        public Fallback {
            overrides = List.copyOf(overrides);
        }

        /** A fallback that is tried after those before it. */
        public Fallback(String model, Optional<Duration> timeout, List<Override> overrides) {
            this(model, timeout, overrides, Optional.empty());
        }

        /** The same fallback as one among which calls are distributed. */
        Fallback with(Share ofCalls) {
            return new Fallback(model, timeout, overrides, Optional.of(ofCalls));
        }

        public static Fallback of(String model) {
            return new Fallback(model, Optional.empty(), List.of());
        }
    }

    /**
     * The share of the calls that one of several models takes. Models with the same group that follow one another are one step of the
     * chain: each call tries them in an order that is drawn by weight.
     *
     * @param group where the request states the group
     * @param member which member of the group; models with the same one are tried one after the other
     * @param weight relative to those of the other members; 0 or more, and finite
     * @param credential the caller's key for this member only; empty for the one of its name in {@link #credentials}, if there is any
     */
    public record Share(String group, String member, double weight, Optional<Credential> credential) {}

    /**
     * A top-level member of the request that one target has of its own.
     *
     * @param name the member's name; never {@code model}
     * @param json its value as JSON text
     */
    public record Override(String name, String json) {}

    /**
     * A caller's own key, for this call only. It is never logged, stored or echoed.
     *
     * @param name the provider, or the model, whose calls it is for
     * @param key the secret itself; empty if only an address is given
     * @param url the address to use it at; only if the configuration lets callers choose addresses
     * @param apiVersion the version of the API, where a provider has versions (Azure)
     */
    public record Credential(String name, String key, Optional<String> url, Optional<String> apiVersion) {
        @java.lang.Override
        public String toString() {
            return "Credential[name=" + name + ", key=(hidden)]";
        }
    }

    /**
     * Limits on time. Late marks ({@code connect} to {@code reasoning}) start a hedge unless {@code whenLate}
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
     * @param callerWaits the timeout of the caller's client ({@code x-stainless-timeout} and similar headers), whatever
     *     the other limits are; a later answer is wasted
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

        /** No limits, to be changed. */
        public static Builder builder() {
            return new Builder(NONE);
        }

        /** Limits for each attempt only. */
        static Limits ofAttempts(Optional<Duration> each, Optional<Duration> eachStream) {
            return each.isEmpty() && eachStream.isEmpty()
                    ? NONE
                    : builder().attempt(each).streamAttempt(eachStream).build();
        }

        /** The timeout of the caller's client only. */
        static Limits ofPatience(Duration callerWaits) {
            return builder().callerWaits(Optional.of(callerWaits)).build();
        }

        /** These, and those of {@code lower} where these are absent. */
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

        /** Makes limits. */
        public static final class Builder {
            private Optional<Duration> deadline;
            private Optional<Duration> attempt;
            private Optional<Duration> streamAttempt;
            private Optional<Duration> connect;
            private Optional<Duration> firstToken;
            private Optional<Duration> idle;
            private Optional<Duration> answer;
            private Optional<Duration> reasoning;
            private Optional<WhenLate> whenLate;
            private Optional<Duration> callerWaits;

            private Builder(Limits begin) {
                deadline = begin.deadline;
                attempt = begin.attempt;
                streamAttempt = begin.streamAttempt;
                connect = begin.connect;
                firstToken = begin.firstToken;
                idle = begin.idle;
                answer = begin.answer;
                reasoning = begin.reasoning;
                whenLate = begin.whenLate;
                callerWaits = begin.callerWaits;
            }

            public Builder deadline(Optional<Duration> time) {
                deadline = time;
                return this;
            }

            public Builder attempt(Optional<Duration> time) {
                attempt = time;
                return this;
            }

            public Builder streamAttempt(Optional<Duration> time) {
                streamAttempt = time;
                return this;
            }

            public Builder connect(Optional<Duration> time) {
                connect = time;
                return this;
            }

            public Builder firstToken(Optional<Duration> time) {
                firstToken = time;
                return this;
            }

            public Builder idle(Optional<Duration> time) {
                idle = time;
                return this;
            }

            public Builder answer(Optional<Duration> time) {
                answer = time;
                return this;
            }

            public Builder reasoning(Optional<Duration> time) {
                reasoning = time;
                return this;
            }

            public Builder whenLate(Optional<WhenLate> what) {
                whenLate = what;
                return this;
            }

            public Builder callerWaits(Optional<Duration> time) {
                callerWaits = time;
                return this;
            }

            public Limits build() {
                return new Limits(
                        deadline,
                        attempt,
                        streamAttempt,
                        connect,
                        firstToken,
                        idle,
                        answer,
                        reasoning,
                        whenLate,
                        callerWaits);
            }
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
     * @param recovery what happens to a stream that breaks after that
     * @param keepAlive how often it gets a keep-alive
     * @param toolCalls how tool calls reach the caller
     */
    public record StreamOptions(
            Optional<CommitPoint> commit,
            Optional<Recovery> recovery,
            Optional<KeepAliveInterval> keepAlive,
            Optional<ToolCallDelivery> toolCalls) {
        public static final StreamOptions NONE =
                new StreamOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** These, and those of {@code lower} where these are absent. */
        StreamOptions or(StreamOptions lower) {
            return new StreamOptions(
                    commit.or(lower::commit),
                    recovery.or(lower::recovery),
                    keepAlive.or(lower::keepAlive),
                    toolCalls.or(lower::toolCalls));
        }
    }

    /**
     * Conditions that an answer must meet, beside not being blank.
     *
     * @param json whether the content must be JSON, and match the schema, where the request has such a format
     * @param tools whether tool calls must name the request's tools, with arguments that are JSON objects
     * @param minLength how many characters the text must have
     * @param matches what the text must contain
     */
    public record AcceptOptions(
            Optional<Boolean> json, Optional<Boolean> tools, OptionalInt minLength, Optional<AnswerPattern> matches) {
        public static final AcceptOptions NONE =
                new AcceptOptions(Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());
    }

    /**
     * @param quiet whether the call is not logged
     * @param customer the caller's own name for its customer; empty if absent
     * @param tags labels, as {@code name=value}
     */
    public record LogOptions(boolean quiet, String customer, List<String> tags) {
        public static final LogOptions NONE = new LogOptions(false, "", List.of());

        public LogOptions {
            tags = List.copyOf(tags);
        }
    }
}
