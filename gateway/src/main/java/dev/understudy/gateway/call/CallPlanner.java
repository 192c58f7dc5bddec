package dev.understudy.gateway.call;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.engine.TrailEntry;
import dev.understudy.gateway.catalog.Catalog;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import dev.understudy.gateway.config.Credential;
import dev.understudy.gateway.config.Defaults;
import dev.understudy.gateway.config.ProviderSettings;
import dev.understudy.protocol.ask.Ask;
import dev.understudy.protocol.ask.AskPolicy;
import dev.understudy.protocol.chat.acceptance.Acceptance;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.translate.CallerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
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
    private final AskPolicy policy;
    /** Plans are immutable, and a call that asks for nothing special has the one of its model. */
    private final Map<Plain, PlannedCall> plainCalls = new ConcurrentHashMap<>();

    private final Map<Plain, PlannedCall> plainStreams = new ConcurrentHashMap<>();

    private record Plain(Api api, String model) {}

    public CallPlanner(Catalog catalog) {
        this.catalog = catalog;
        this.policy = new AskPolicy(catalog.allowsCallerUrls());
    }

    /** What callers may ask for. */
    AskPolicy policy() {
        return policy;
    }

    /**
     * @throws NobodyToAsk if every name is unknown, or everybody is excluded
     * @throws BadRequest if a key in the request cannot be one
     */
    PlannedCall plan(Api api, CallerRequest request, Ask ask) throws NobodyToAsk, BadRequest {
        if (!ask.isSilent() || request.model().isEmpty()) {
            return new Planning(api, request, ask).plan();
        }
        Map<Plain, PlannedCall> known = request.stream() ? plainStreams : plainCalls;
        Plain plain = new Plain(api, request.model().get());
        PlannedCall planned = known.get(plain);
        if (planned != null && !suits(planned, request)) {
            return new Planning(api, request, ask).plan();
        }
        if (planned == null) {
            Planning planning = new Planning(api, request, ask);
            planned = planning.plan();
            if (known.size() < MOST_REMEMBERED && !planning.passedSomebodyOverForTheRequest) {
                known.put(plain, planned);
            }
        }
        return planned;
    }

    /** Whether everybody on a chain may well serve a request. */
    private static boolean suits(PlannedCall planned, CallerRequest request) {
        Suitability suitability = new Suitability(request);
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
        private final Ask ask;
        private final String name;
        private final Defaults defaults;
        private final List<PlannedCall.Stop> stops = new ArrayList<>();
        private final List<TrailEntry> passedOver = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();
        private final List<String> lacking = new ArrayList<>();
        private boolean somebodyWasExcluded;
        private boolean passedSomebodyOverForTheRequest;

        /**
         * A route that the call may take, and what the caller said of it.
         *
         * @param called the name by which it came into the chain; the target's own where the configuration named it
         */
        private record Candidate(String called, Route route, Optional<Duration> timeout, List<Ask.Override> overrides) {
            static Candidate of(Route route) {
                return new Candidate(route.target().name(), route, Optional.empty(), List.of());
            }

            boolean isNamedIn(Collection<String> names) {
                Target target = route.target();
                return names.contains(called)
                        || names.contains(target.provider())
                        || names.contains(target.model())
                        || names.contains(target.name());
            }
        }

        Planning(Api api, CallerRequest request, Ask ask) {
            this.api = api;
            this.request = request;
            this.ask = ask;
            this.name = ask.primary().or(request::model).orElseThrow();
            this.defaults = catalog.defaultsOf(name);
        }

        PlannedCall plan() throws NobodyToAsk, BadRequest {
            List<Step> chain = steps(chain());
            if (chain.isEmpty()) {
                throw new NobodyToAsk(nobody(), passedOver);
            }
            Map<FailureKind, List<Step>> instead = new EnumMap<>(FailureKind.class);
            putInstead(instead, FailureKind.CONTEXT_LENGTH, ask.onContextLength());
            putInstead(instead, FailureKind.CONTENT_POLICY, ask.onContentPolicy());
            Optional<Duration> patience = ask.limits().callerWaits().map(CallPlanner::shortOf);
            Acceptance acceptance = defaults.acceptance().or(ask.accept());
            Plan plan = new Plan(
                    chain,
                    instead,
                    deadline(),
                    patience,
                    request.stream(),
                    acceptance.acceptsAnything()
                            ? ask.stream().commit().orElse(defaults.commit())
                            : CommitPoint.COMPLETE,
                    recovery(),
                    ask.overlap().orElse(defaults.overlap()));
            // What nobody is called is a caller's own text, of any length.
            String called = catalog.resolve(name).isEmpty() ? BadRequest.shown(name) : name;
            return new PlannedCall(
                    called,
                    plan,
                    stops,
                    passedOver,
                    ask.acceptEmpty().orElse(defaults.emptyAllowed()),
                    acceptance,
                    warnings);
        }

        private List<Candidate> chain() {
            List<Candidate> chain = new ArrayList<>();
            List<Route> primary = known(name);
            if (!primary.isEmpty()) {
                chain.add(new Candidate(name, primary.getFirst(), ask.primaryTimeout(), ask.primaryOverrides()));
            }
            if (ask.fallbacks().isPresent()) {
                chain.addAll(candidates(ask.fallbacks().get()));
            } else {
                catalog.fallbacksOf(name)
                        .orElse(catalog.defaultFallbacks())
                        .forEach(route -> chain.add(Candidate.of(route)));
            }
            if (ask.failPrimaryOnPurpose() && !primary.isEmpty() && chain.size() > 1) {
                passOver(chain.removeFirst().route().target().name(), "on_purpose");
            }
            return inPreferredOrder(suited(able(permitted(withoutDuplicates(chain)))));
        }

        private List<Candidate> candidates(List<Ask.Fallback> fallbacks) {
            return fallbacks.stream()
                    .flatMap(fallback -> known(fallback.model()).stream()
                            .map(route ->
                                    new Candidate(fallback.model(), route, fallback.timeout(), fallback.overrides())))
                    .toList();
        }

        private List<Route> known(String called) {
            List<Route> routes = catalog.resolve(called);
            if (routes.isEmpty()) {
                passOver(BadRequest.shown(called), FailureKind.UNKNOWN_MODEL.wireName());
                warnings.add(catalog.whyUnknown(called));
            }
            return routes;
        }

        private void passOver(String target, String reason) {
            passedOver.add(TrailEntry.passedOver(target, reason));
        }

        /** The first way to a target is the one that is taken. */
        private static List<Candidate> withoutDuplicates(List<Candidate> chain) {
            Map<Target, Candidate> each = new LinkedHashMap<>();
            chain.forEach(candidate -> each.putIfAbsent(candidate.route().target(), candidate));
            return List.copyOf(each.values());
        }

        private List<Candidate> permitted(List<Candidate> chain) {
            List<Candidate> permitted = new ArrayList<>();
            for (Candidate candidate : chain) {
                boolean included = ask.only().isEmpty() || candidate.isNamedIn(ask.only());
                if (included && !candidate.isNamedIn(ask.without())) {
                    permitted.add(candidate);
                } else {
                    somebodyWasExcluded = true;
                    passOver(candidate.route().target().name(), "excluded");
                }
            }
            return permitted;
        }

        /** Those who have what is asked for. */
        private List<Candidate> able(List<Candidate> chain) {
            List<Candidate> able = new ArrayList<>();
            for (Candidate candidate : chain) {
                Target target = candidate.route().target();
                if (candidate.route().provider().apiFor(api).isEmpty()) {
                    lacks(target, "lacks_" + api.dialect().name());
                } else if (api == Api.EMBEDDINGS
                        && !able.isEmpty()
                        && !catalog.giveSameVectors(able.getFirst().route().target(), target)) {
                    // A vector of another model lies in another space: worse than none in an index.
                    lacks(target, "other_vectors");
                } else {
                    able.add(candidate);
                }
            }
            return able;
        }

        /**
         * Those whose models can do what the request needs. If that is nobody, everybody: what is known of models may be
         * wrong, and the provider's own words tell a caller more than ours.
         */
        private List<Candidate> suited(List<Candidate> chain) {
            Suitability suitability = new Suitability(request);
            Map<Candidate, String> lacking = new LinkedHashMap<>();
            for (Candidate candidate : chain) {
                suitability.lackedBy(candidate.route().abilities()).ifPresent(what -> lacking.put(candidate, what));
            }
            if (lacking.isEmpty() || lacking.size() == chain.size()) {
                return chain;
            }
            passedSomebodyOverForTheRequest = true;
            lacking.forEach(
                    (candidate, what) -> passOver(candidate.route().target().name(), what));
            return chain.stream().filter(each -> !lacking.containsKey(each)).toList();
        }

        private void lacks(Target target, String what) {
            lacking.add(target.name() + " " + what);
            passOver(target.name(), what);
        }

        /** Providers that the caller prefers come first, the others after them as they were. */
        private List<Candidate> inPreferredOrder(List<Candidate> chain) {
            List<String> order = ask.providerOrder();
            if (order.isEmpty()) {
                return chain;
            }
            List<Candidate> sorted = new ArrayList<>(chain);
            sorted.sort(Comparator.comparingInt(candidate -> {
                int rank = order.indexOf(candidate.route().target().provider());
                return rank < 0 ? order.size() : rank;
            }));
            return sorted;
        }

        private void putInstead(Map<FailureKind, List<Step>> instead, FailureKind kind, List<Ask.Fallback> fallbacks)
                throws BadRequest {
            if (!fallbacks.isEmpty()) {
                List<Step> steps = steps(able(permitted(withoutDuplicates(candidates(fallbacks)))));
                if (!steps.isEmpty()) {
                    instead.put(kind, steps);
                }
            }
        }

        private List<Step> steps(List<Candidate> candidates) throws BadRequest {
            List<Step> steps = new ArrayList<>(candidates.size());
            for (Candidate candidate : candidates) {
                for (Route route : withCallersKey(candidate).withEachKey()) {
                    steps.add(new Step(
                            stops.size(),
                            route.target(),
                            timeouts(candidate),
                            usual(route.timeouts()),
                            retry(route.retry()),
                            route.cooldown(),
                            route.contextWindow()));
                    Api spoken = route.provider().apiFor(api).orElse(api);
                    stops.add(new PlannedCall.Stop(route, spoken, candidate.overrides()));
                }
            }
            return steps;
        }

        private Timeouts timeouts(Candidate candidate) {
            Timeouts configured = candidate.route().timeouts();
            Ask.Limits limits = ask.limits();
            Duration firstToken = limits.firstToken().orElse(configured.firstToken());
            Optional<Duration> attempt =
                    request.stream() ? limits.streamAttempt().or(limits::attempt) : limits.attempt();
            return new Timeouts(
                    limits.connect().orElse(configured.connect()),
                    firstToken,
                    limits.idle().orElse(configured.idle()),
                    limits.firstToken().isPresent() ? firstToken.multipliedBy(3) : configured.answer(),
                    candidate.timeout().or(() -> attempt).or(configured::total));
        }

        /** A target that was given half of the operator's deadline has had its time, whatever its own limits say. */
        private Timeouts usual(Timeouts configured) {
            Duration half = defaults.deadline().dividedBy(2);
            Duration firstToken = configured.firstToken().compareTo(half) < 0 ? configured.firstToken() : half;
            return new Timeouts(
                    configured.connect(), firstToken, configured.idle(), configured.answer(), configured.total());
        }

        private RetryPolicy retry(RetryPolicy configured) {
            Ask.RetryWaits waits = ask.retryWaits();
            Duration base = ask.retryAfter().or(waits::base).orElse(configured.base());
            Duration cap = ask.retryAfter().or(waits::cap).orElse(configured.cap());
            return new RetryPolicy(
                    ask.retries().orElse(configured.attempts()),
                    base,
                    max(base, cap),
                    waits.patience().orElse(configured.patience()));
        }

        /** A key that the caller brought takes the operator's place, for this call and with a health of its own. */
        private Route withCallersKey(Candidate candidate) throws BadRequest {
            for (Ask.Credential brought : ask.credentials()) {
                if (candidate.isNamedIn(Set.of(brought.name()))) {
                    if (!Credential.isPossible(brought.key())) {
                        throw unusableKey(BadRequest.shown(brought.name()));
                    }
                    Credential key = Credential.of(brought.key());
                    return candidate
                            .route()
                            .withKey(key, atCallers(candidate.route().provider(), key, brought));
                }
            }
            return candidate.route();
        }

        private static ProviderSettings atCallers(ProviderSettings provider, Credential key, Ask.Credential brought)
                throws BadRequest {
            ProviderSettings withKey = provider.withKey(key);
            ProviderSettings versioned =
                    brought.apiVersion().map(withKey::withApiVersion).orElse(withKey);
            if (brought.url().isEmpty()) {
                return versioned;
            }
            String wanted = brought.url().get().replaceFirst("/+$", "");
            return provider.callerUrls().stream()
                    .filter(allowed -> allowed.toString().equals(wanted))
                    .findFirst()
                    .map(versioned::at)
                    .orElseThrow(() -> BadRequest.upstreamUrl(BadRequest.shown(brought.name())));
        }

        private static BadRequest unusableKey(String name) {
            return BadRequest.invalid(
                    name,
                    "The key for '" + name + "' contains a blank or a character that no key has. Send it in full and"
                            + " alone.");
        }

        private static Duration max(Duration one, Duration other) {
            return one.compareTo(other) >= 0 ? one : other;
        }

        private Duration deadline() {
            return ask.limits().deadline().orElse(defaults.deadline());
        }

        /** Only clients of chat completions can be told to forget what came. */
        private Recovery recovery() {
            Recovery wanted = ask.stream().recovery().orElse(defaults.recovery());
            return wanted == Recovery.RESTART && api != Api.CHAT ? Recovery.CONTINUE : wanted;
        }

        private BadRequest nobody() {
            if (somebodyWasExcluded) {
                return BadRequest.nobodyLeft();
            }
            return lacking.isEmpty()
                    ? BadRequest.unknownModel(String.join("; ", warnings))
                    : BadRequest.unsupported("No target of the chain can serve this request: "
                            + String.join(", ", lacking) + ". Name one that can.");
        }
    }

    /** A little less than the caller waits, so that what it is told still reaches it. */
    private static Duration shortOf(Duration patience) {
        Duration tenth = patience.dividedBy(10);
        Duration margin = tenth.compareTo(Duration.ofSeconds(1)) < 0 ? tenth : Duration.ofSeconds(1);
        return patience.minus(margin);
    }
}
