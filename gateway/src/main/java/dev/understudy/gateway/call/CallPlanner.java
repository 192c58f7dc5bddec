package dev.understudy.gateway.call;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackOn;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Step;
import dev.understudy.engine.Timeouts;
import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.gateway.config.Defaults;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.OptionsPolicy;
import dev.understudy.protocol.options.WhenLate;
import dev.understudy.protocol.translate.CallerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes a plan of what the caller asked for and what the operator configured.
 *
 * <p>The nearest word counts: the request's, else the model's, else the default. Names that nobody answers to do not end
 * a call that somebody else on its chain can still answer; they stand in the trail and in a warning. Only a chain of
 * which nobody is left is an error.
 */
public final class CallPlanner {
    /** Callers may name models freely; what is beyond this is planned anew each time. */
    private static final int MOST_REMEMBERED = 1_000;

    private final Catalog catalog;
    private final OptionsPolicy policy;
    /** Plans are immutable, and a call that asks for nothing special has the one of its model. */
    private final Map<Plain, PlannedCall> plainCalls = new ConcurrentHashMap<>();

    private final Map<Plain, PlannedCall> plainStreams = new ConcurrentHashMap<>();

    /** All of a request that a plan depends on, where the request says nothing else about its call. */
    private record Plain(Api api, String model, ReasoningChoice reasoning) {}

    public CallPlanner(Catalog catalog) {
        this.catalog = catalog;
        this.policy = new OptionsPolicy(catalog.allowsCallerUrls());
    }

    /** What callers may ask for. */
    OptionsPolicy policy() {
        return policy;
    }

    /**
     * @param callerName the name of the key that the caller presented; empty if none is needed
     * @throws NoEligibleTarget if every name is unknown, or everybody is excluded
     * @throws BadRequest if a key in the request cannot be one
     */
    PlannedCall plan(Api api, CallerRequest request, FallbackOptions options, String callerName)
            throws NoEligibleTarget, BadRequest {
        // Labels in the request do not count: a client may vary them at will, and so speak for many callers.
        return plan(api, request, options).by(callerName);
    }

    private PlannedCall plan(Api api, CallerRequest request, FallbackOptions options)
            throws NoEligibleTarget, BadRequest {
        if (!options.isSilent() || request.model().isEmpty()) {
            return new Planning(api, request, options).plan();
        }
        Map<Plain, PlannedCall> known = request.stream() ? plainStreams : plainCalls;
        Plain plain = new Plain(api, request.model().get(), request.facts().reasoning());
        PlannedCall planned = known.get(plain);
        if (planned != null && !suits(planned, request)) {
            return new Planning(api, request, options).plan();
        }
        if (planned == null) {
            Planning planning = new Planning(api, request, options);
            planned = planning.plan();
            if (known.size() < MOST_REMEMBERED && !planning.selector.dependsOnTheRequest()) {
                known.put(plain, planned);
            }
        }
        return planned;
    }

    /** Whether everybody on a chain may well serve a request. */
    private static boolean suits(PlannedCall planned, CallerRequest request) {
        CapabilityFilter suitability = new CapabilityFilter(request);
        for (PlannedCall.Stop stop : planned.stops()) {
            if (suitability.lackedBy(stop.route().capabilities()).isPresent()) {
                return false;
            }
        }
        return true;
    }

    /** One planning: what is gathered on the way. */
    private final class Planning {
        private final Api api;
        private final CallerRequest request;
        private final FallbackOptions options;
        private final String name;
        private final Defaults defaults;
        private final List<PlannedCall.Stop> stops = new ArrayList<>();
        private final TargetSelector selector;

        Planning(Api api, CallerRequest request, FallbackOptions options) {
            this.api = api;
            this.request = request;
            this.options = options;
            this.name = options.primary().or(request::model).orElseThrow();
            this.defaults = catalog.defaultsOf(name);
            this.selector = new TargetSelector(catalog, api, request, options);
        }

        PlannedCall plan() throws NoEligibleTarget, BadRequest {
            List<Step> chain = steps(selector.chain(name));
            if (chain.isEmpty()) {
                throw new NoEligibleTarget(selector.noTarget(), selector.skipped());
            }
            Map<FailureKind, List<Step>> instead = new EnumMap<>(FailureKind.class);
            putInstead(instead, FailureKind.CONTEXT_LENGTH, options.onContextLength());
            putInstead(instead, FailureKind.CONTENT_POLICY, options.onContentPolicy());
            Optional<Duration> patience = options.limits().callerWaits().map(CallPlanner::shortOf);
            Acceptance acceptance = defaults.acceptance().or(options.accept());
            Plan plan = Plan.of(chain)
                    .instead(instead)
                    .deadline(options.limits().deadline().or(defaults::deadline))
                    .patience(patience)
                    .streaming(request.stream())
                    .commit(
                            acceptance.acceptsAnything()
                                    ? options.stream()
                                            .commit()
                                            .orElse(defaults.stream().commit())
                                    : CommitPoint.COMPLETE)
                    .recovery(recovery())
                    .hedging(options.hedging().orElse(defaults.hedging()))
                    .fallbackOn(fallbackOn())
                    .build();
            // What nobody is called is a caller's own text, of any length.
            String called = catalog.resolve(name).isEmpty() ? BadRequest.shown(name) : name;
            return new PlannedCall(
                    called,
                    plan,
                    stops,
                    selector.skipped(),
                    options.acceptEmpty().orElse(defaults.emptyAllowed()),
                    acceptance,
                    options.stream()
                            .keepAlive()
                            .orElse(defaults.stream().keepAlive())
                            .interval(),
                    options.stream().toolCalls().orElse(defaults.stream().toolCalls()),
                    selector.warnings());
        }

        private FallbackOn fallbackOn() {
            Set<FailureKind> kinds = options.fallbackOn().orElse(defaults.fallbackOn());
            return kinds.isEmpty() && options.fallbackStatuses().isEmpty()
                    ? FallbackOn.DEFAULT
                    : new FallbackOn(kinds, options.fallbackStatuses());
        }

        private void putInstead(
                Map<FailureKind, List<Step>> instead, FailureKind kind, List<FallbackOptions.Fallback> fallbacks)
                throws BadRequest {
            if (!fallbacks.isEmpty()) {
                List<Step> steps = steps(selector.instead(fallbacks));
                if (!steps.isEmpty()) {
                    instead.put(kind, steps);
                }
            }
        }

        private List<Step> steps(List<TargetCandidate> candidates) throws BadRequest {
            List<Step> steps = new ArrayList<>(candidates.size());
            for (TargetCandidate candidate : candidates) {
                boolean reasons = api.isConversation()
                        && candidate.route().capabilities().reasonsFor(request.reasoning(candidate.overrides()));
                for (Route route :
                        CallerKeyRoutes.on(candidate, options.credentials()).withEachKey()) {
                    steps.add(new Step(
                            stops.size(),
                            route.target(),
                            timeouts(candidate),
                            usual(route.timeouts()),
                            retry(route.retry()),
                            route.cooldown(),
                            route.contextWindow(),
                            reasons));
                    Api spoken = route.provider().apiFor(api).orElse(api);
                    stops.add(new PlannedCall.Stop(route, spoken, candidate.overrides()));
                }
            }
            return steps;
        }

        private Timeouts timeouts(TargetCandidate candidate) {
            Timeouts configured = candidate.route().timeouts();
            FallbackOptions.Limits limits = options.limits();
            Duration firstToken = limits.firstToken().orElse(configured.firstToken());
            Duration answer = limits.answer()
                    .orElse(limits.firstToken().isPresent() ? firstToken.multipliedBy(3) : configured.answer());
            boolean ownMark = limits.firstToken().isPresent() || limits.answer().isPresent();
            // Who reasons first is never late sooner than who does not.
            Duration reasoning =
                    ownMark ? max(configured.reasoning(), max(firstToken, answer)) : configured.reasoning();
            Optional<Duration> attempt =
                    request.stream() ? limits.streamAttempt().or(limits::attempt) : limits.attempt();
            return new Timeouts(
                    limits.connect().orElse(configured.connect()),
                    firstToken,
                    limits.idle().orElse(configured.idle()),
                    answer,
                    limits.reasoning().orElse(reasoning),
                    candidate.timeout().or(() -> attempt).or(configured::total),
                    limits.whenLate().map(late -> late == WhenLate.CANCEL).orElse(configured.cancels()));
        }

        /** A target that was given half of a deadline that the operator set has had its time, whatever its own marks say. */
        private Timeouts usual(Timeouts configured) {
            if (defaults.deadline().isEmpty()) {
                return configured;
            }
            Duration half = defaults.deadline().get().dividedBy(2);
            return new Timeouts(
                    configured.connect(),
                    min(configured.firstToken(), half),
                    configured.idle(),
                    configured.answer(),
                    min(configured.reasoning(), half),
                    configured.total(),
                    configured.cancels());
        }

        private RetryPolicy retry(RetryPolicy configured) {
            FallbackOptions.RetryWaits waits = options.retryWaits();
            Duration base = options.retryAfter().or(waits::base).orElse(configured.base());
            Duration cap = options.retryAfter().or(waits::cap).orElse(configured.cap());
            return new RetryPolicy(
                    options.retries().orElse(configured.attempts()),
                    base,
                    max(base, cap),
                    waits.patience().orElse(configured.patience()),
                    configured.persistent() && options.retries().isEmpty());
        }

        private static Duration max(Duration one, Duration other) {
            return one.compareTo(other) >= 0 ? one : other;
        }

        private static Duration min(Duration one, Duration other) {
            return one.compareTo(other) <= 0 ? one : other;
        }

        /** Only clients of chat completions can be told to forget what came. */
        private Recovery recovery() {
            Recovery wanted =
                    options.stream().recovery().orElse(defaults.stream().recovery());
            return wanted == Recovery.RESTART && api != Api.CHAT ? Recovery.CONTINUE : wanted;
        }
    }

    /** A little less than the caller waits, so that what it is told still reaches it. */
    private static Duration shortOf(Duration patience) {
        Duration tenth = patience.dividedBy(10);
        Duration margin = tenth.compareTo(Duration.ofSeconds(1)) < 0 ? tenth : Duration.ofSeconds(1);
        return patience.minus(margin);
    }
}
