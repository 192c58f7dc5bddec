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
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.OptionsPolicy;
import dev.understudy.protocol.options.WhenLate;
import dev.understudy.protocol.chat.ReasoningChoice;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.json.BadRequest;
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
    PlannedCall plan(Api api, CallerRequest request, FallbackOptions ask, String callerName) throws NoEligibleTarget, BadRequest {
        // Labels in the request do not count: a client may vary them at will, and so speak for many callers.
        return plan(api, request, ask).by(callerName);
    }

    private PlannedCall plan(Api api, CallerRequest request, FallbackOptions ask) throws NoEligibleTarget, BadRequest {
        if (!ask.isSilent() || request.model().isEmpty()) {
            return new Planning(api, request, ask).plan();
        }
        Map<Plain, PlannedCall> known = request.stream() ? plainStreams : plainCalls;
        Plain plain = new Plain(api, request.model().get(), request.facts().reasoning());
        PlannedCall planned = known.get(plain);
        if (planned != null && !suits(planned, request)) {
            return new Planning(api, request, ask).plan();
        }
        if (planned == null) {
            Planning planning = new Planning(api, request, ask);
            planned = planning.plan();
            if (known.size() < MOST_REMEMBERED && !planning.shortlist.dependsOnTheRequest()) {
                known.put(plain, planned);
            }
        }
        return planned;
    }

    /** Whether everybody on a chain may well serve a request. */
    private static boolean suits(PlannedCall planned, CallerRequest request) {
        CapabilityFilter suitability = new CapabilityFilter(request);
        for (PlannedCall.Stop stop : planned.stops()) {
            if (suitability.lackedBy(stop.route().abilities()).isPresent()) {
                return false;
            }
        }
        return true;
    }

    /** One planning: what is gathered on the way. */
    private final class Planning {
        private final Api api;
        private final CallerRequest request;
        private final FallbackOptions ask;
        private final String name;
        private final Defaults defaults;
        private final List<PlannedCall.Stop> stops = new ArrayList<>();
        private final TargetSelector shortlist;

        Planning(Api api, CallerRequest request, FallbackOptions ask) {
            this.api = api;
            this.request = request;
            this.ask = ask;
            this.name = ask.primary().or(request::model).orElseThrow();
            this.defaults = catalog.defaultsOf(name);
            this.shortlist = new TargetSelector(catalog, api, request, ask);
        }

        PlannedCall plan() throws NoEligibleTarget, BadRequest {
            List<Step> chain = steps(shortlist.chain(name));
            if (chain.isEmpty()) {
                throw new NoEligibleTarget(shortlist.nobody(), shortlist.passedOver());
            }
            Map<FailureKind, List<Step>> instead = new EnumMap<>(FailureKind.class);
            putInstead(instead, FailureKind.CONTEXT_LENGTH, ask.onContextLength());
            putInstead(instead, FailureKind.CONTENT_POLICY, ask.onContentPolicy());
            Optional<Duration> patience = ask.limits().callerWaits().map(CallPlanner::shortOf);
            Acceptance acceptance = defaults.acceptance().or(ask.accept());
            Plan plan = Plan.of(chain)
                    .instead(instead)
                    .deadline(ask.limits().deadline().or(defaults::deadline))
                    .patience(patience)
                    .streaming(request.stream())
                    .commit(
                            acceptance.acceptsAnything()
                                    ? ask.stream()
                                            .commit()
                                            .orElse(defaults.stream().commit())
                                    : CommitPoint.COMPLETE)
                    .recovery(recovery())
                    .hedging(ask.hedging().orElse(defaults.hedging()))
                    .fallbackOn(fallbackOn())
                    .build();
            // What nobody is called is a caller's own text, of any length.
            String called = catalog.resolve(name).isEmpty() ? BadRequest.shown(name) : name;
            return new PlannedCall(
                    called,
                    plan,
                    stops,
                    shortlist.passedOver(),
                    ask.acceptEmpty().orElse(defaults.emptyAllowed()),
                    acceptance,
                    ask.stream()
                            .keepAlive()
                            .orElse(defaults.stream().keepAlive())
                            .interval(),
                    ask.stream().toolCalls().orElse(defaults.stream().toolCalls()),
                    shortlist.warnings());
        }

        private FallbackOn fallbackOn() {
            Set<FailureKind> kinds = ask.fallbackOn().orElse(defaults.fallbackOn());
            return kinds.isEmpty() && ask.fallbackStatuses().isEmpty()
                    ? FallbackOn.DEFAULT
                    : new FallbackOn(kinds, ask.fallbackStatuses());
        }

        private void putInstead(Map<FailureKind, List<Step>> instead, FailureKind kind, List<FallbackOptions.Fallback> fallbacks)
                throws BadRequest {
            if (!fallbacks.isEmpty()) {
                List<Step> steps = steps(shortlist.instead(fallbacks));
                if (!steps.isEmpty()) {
                    instead.put(kind, steps);
                }
            }
        }

        private List<Step> steps(List<TargetCandidate> candidates) throws BadRequest {
            List<Step> steps = new ArrayList<>(candidates.size());
            for (TargetCandidate candidate : candidates) {
                boolean reasons = api.isConversation()
                        && candidate.route().abilities().reasonsFor(request.reasoning(candidate.overrides()));
                for (Route route : CallerKeyRoutes.on(candidate, ask.credentials()).withEachKey()) {
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
            FallbackOptions.Limits limits = ask.limits();
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
            FallbackOptions.RetryWaits waits = ask.retryWaits();
            Duration base = ask.retryAfter().or(waits::base).orElse(configured.base());
            Duration cap = ask.retryAfter().or(waits::cap).orElse(configured.cap());
            return new RetryPolicy(
                    ask.retries().orElse(configured.attempts()),
                    base,
                    max(base, cap),
                    waits.patience().orElse(configured.patience()),
                    configured.persistent() && ask.retries().isEmpty());
        }

        private static Duration max(Duration one, Duration other) {
            return one.compareTo(other) >= 0 ? one : other;
        }

        private static Duration min(Duration one, Duration other) {
            return one.compareTo(other) <= 0 ? one : other;
        }

        /** Only clients of chat completions can be told to forget what came. */
        private Recovery recovery() {
            Recovery wanted = ask.stream().recovery().orElse(defaults.stream().recovery());
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
