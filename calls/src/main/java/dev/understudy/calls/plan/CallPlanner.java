package dev.understudy.calls.plan;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.config.ServerLimits;
import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackOn;
import dev.understudy.engine.Group;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.RetryPolicy;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.BoundedCaches;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.responses.StoredState;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.OptionsPolicy;
import dev.understudy.protocol.options.WhenLate;
import dev.understudy.protocol.translate.CallerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Plans calls: combines what the caller requested with what the operator configured. Calls, {@code explain} and {@code
 * check} all use it.
 *
 * <p>The most specific setting counts: the request's, else the model's, else the default. A name that no model has does not
 * end a call that another target of its chain can answer; it is reported in the trail and in a warning. Only a chain without
 * any target is an error.
 */
public final class CallPlanner {
    /** Callers may name models freely; the least used plans beyond this many are evicted. */
    private static final int MAX_CACHED_PLANS = 1_000;

    /** Longer names are not cached: a caller may send names of any length, which would fill the memory. */
    private static final int MAX_CACHED_NAME = 256;

    /** The member in which callers of OpenRouter choose among the providers behind it. */
    private static final String OPEN_ROUTERS = "provider";

    private final Catalog catalog;
    private final ResponseOwners owners;
    private final Duration maxDeadline;
    private final OptionsPolicy policy;
    /** Plans are immutable, so all requests without fallback options share the one of their model. */
    private final Cache<PlainRequest, PlannedCall> plainPlans = BoundedCaches.ofSize(MAX_CACHED_PLANS);

    /** What a plan depends on if the request has no fallback options. */
    private record PlainRequest(
            Api api,
            String model,
            boolean stream,
            boolean tools,
            ReasoningChoice reasoning,
            TargetPermissions permissions) {}

    /** The model of a request that leaves it to a stored prompt; the provider never receives this name. */
    private static final String OF_A_PROMPT = "stored-prompt";

    /** A planner that knows no stored responses. */
    public CallPlanner(Catalog catalog) {
        this(catalog, new ResponseOwners(), ServerLimits.BUILT_IN.deadline());
    }

    /**
     * @param owners which provider has stored which response
     * @param maxDeadline the longest deadline and waiting time that a request can name; longer ones are lowered to it
     */
    public CallPlanner(Catalog catalog, ResponseOwners owners, Duration maxDeadline) {
        this.maxDeadline = maxDeadline;
        this.catalog = catalog;
        this.owners = owners;
        this.policy = catalog.policy();
    }

    private Duration capped(Duration wanted) {
        return wanted.compareTo(maxDeadline) > 0 ? maxDeadline : wanted;
    }

    /** Which fallback options callers may use. */
    public OptionsPolicy policy() {
        return policy;
    }

    /**
     * The request itself, or, if it leaves the model to a stored prompt, the same for a provider that has stored prompts:
     * {@code openai}, or else the first that has the Responses API.
     */
    public CallerRequest named(CallerRequest request) {
        if (request.model().isPresent() || !request.hasStoredPrompt()) {
            return request;
        }
        return catalog.providers().stream()
                .filter(provider -> provider.has(Api.RESPONSES))
                .min(Comparator.comparing(provider -> !provider.name().equals("openai")))
                .map(provider -> request.orModel(provider.name() + "/" + OF_A_PROMPT, OF_A_PROMPT))
                .orElse(request);
    }

    /**
     * Plans a call.
     *
     * @param api the API of the endpoint on which the request arrived
     * @param callerName the name of the key that the caller presented; empty if none is needed
     * @throws NoEligibleTarget if every name is unknown, or every target is excluded or unable to serve the request
     * @throws BadRequest if a key in the request cannot be one
     */
    public PlannedCall plan(Api api, CallerRequest request, FallbackOptions options, String callerName)
            throws NoEligibleTarget, BadRequest {
        return plan(api, request, options, callerName, TargetPermissions.ALL);
    }

    /**
     * The same for a caller whose key is limited.
     *
     * @param permissions what the key may be used for
     * @throws BadRequest also if the key may not use the model, or none of its targets
     */
    public PlannedCall plan(
            Api api, CallerRequest request, FallbackOptions options, String callerName, TargetPermissions permissions)
            throws NoEligibleTarget, BadRequest {
        // Labels in the request do not count: a client may vary them at will and so appear to be many callers.
        return planFor(api, request, options, new Caller(callerName, permissions))
                .by(callerName);
    }

    /** For whom a call is planned. */
    private record Caller(String name, TargetPermissions permissions) {}

    private PlannedCall planFor(Api api, CallerRequest request, FallbackOptions options, Caller caller)
            throws NoEligibleTarget, BadRequest {
        Optional<String> model = request.model().filter(name -> name.length() <= MAX_CACHED_NAME);
        boolean ofItsOwn =
                request.storedState().isAny() || request.object(OPEN_ROUTERS).isPresent();
        if (!options.isSilent() || model.isEmpty() || ofItsOwn) {
            return new Planning(api, request, options, caller).plan();
        }
        PlainRequest plain = new PlainRequest(
                api,
                model.get(),
                request.stream(),
                request.facts().tools(),
                request.facts().reasoning(),
                caller.permissions());
        PlannedCall cached = plainPlans.getIfPresent(plain);
        if (cached != null && allMayServe(api, cached, request)) {
            return cached;
        }
        Planning planning = new Planning(api, request, options, caller);
        PlannedCall planned = planning.plan();
        if (cached == null && !planning.selector.dependsOnTheRequest()) {
            plainPlans.put(plain, planned);
        }
        return planned;
    }

    /** Whether every target of a plan may be able to serve a request. */
    private static boolean allMayServe(Api api, PlannedCall planned, CallerRequest request) {
        boolean mayLackStoredInput =
                planned.targets().size() > 1 || planned.targets().stream().anyMatch(target -> target.api() != api);
        if (mayLackStoredInput && request.hasStoredInput()) {
            return false;
        }
        CapabilityFilter filter = new CapabilityFilter(request);
        for (PlannedTarget target : planned.targets()) {
            if (filter.lackedBy(target.route().capabilities()).isPresent()) {
                return false;
            }
        }
        return true;
    }

    /** The planning of one call. */
    private final class Planning {
        private final Api api;
        private final CallerRequest request;
        private final FallbackOptions options;
        private final String name;
        private final Defaults defaults;
        private final StoredState storedState;
        private final List<PlannedTarget> targets = new ArrayList<>();
        private final List<Group> groups = new ArrayList<>();
        private final TargetSelector selector;
        private final TargetPermissions permissions;

        Planning(Api api, CallerRequest request, FallbackOptions options, Caller caller) {
            this.permissions = caller.permissions();
            this.api = api;
            this.request = request;
            this.options = options;
            this.name = options.primary().or(request::model).orElseThrow();
            this.defaults = catalog.defaultsOf(name);
            this.storedState = request.storedState();
            this.selector = new TargetSelector(catalog, owners, permissions, api, request, options, caller.name());
        }

        PlannedCall plan() throws NoEligibleTarget, BadRequest {
            permissions.checkName(name, catalog);
            List<Step> chain = steps(selector.chain(name));
            if (chain.isEmpty()) {
                throw new NoEligibleTarget(selector.noTarget(), selector.skipped());
            }
            Map<FailureKind, List<Step>> instead = new EnumMap<>(FailureKind.class);
            putInstead(instead, FailureKind.CONTEXT_LENGTH, options.onContextLength());
            putInstead(instead, FailureKind.CONTENT_POLICY, options.onContentPolicy());
            Optional<Duration> patience =
                    options.limits().callerWaits().map(CallPlanner.this::capped).map(CallPlanner::lessMargin);
            Acceptance acceptance = defaults.acceptance().or(options.accept());
            Plan plan = Plan.of(chain)
                    .instead(instead)
                    .deadline(options.limits()
                            .deadline()
                            .map(CallPlanner.this::capped)
                            .or(defaults::deadline))
                    .patience(patience)
                    .streaming(request.stream())
                    .commit(
                            acceptance.acceptsAnything()
                                    ? options.stream()
                                            .commit()
                                            .orElse(defaults.stream().commit())
                                    : CommitPoint.COMPLETE)
                    .recovery(recovery())
                    .hedging(!storedState.background() && options.hedging().orElse(defaults.hedging()))
                    .fallbackOn(fallbackOn())
                    .groups(groups)
                    .build();
            // An unknown name is text of the caller's own, of any length.
            String shownName = catalog.resolve(name).isEmpty() ? BadRequest.shown(name) : name;
            return new PlannedCall(
                    shownName, plan, targets, selector.skipped(), delivery(acceptance), selector.warnings());
        }

        private PlannedCall.Delivery delivery(Acceptance acceptance) {
            return new PlannedCall.Delivery(
                    // The answer to a background request is the job, which has no output yet.
                    storedState.background() || options.acceptEmpty().orElse(defaults.emptyAllowed()),
                    acceptance,
                    options.stream()
                            .keepAlive()
                            .orElse(defaults.stream().keepAlive())
                            .interval(),
                    options.stream().toolCalls().orElse(defaults.stream().toolCalls()));
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
            // With a caller's key, the members that use different keys of the operator are the same.
            Set<Target> ofOneKey = new HashSet<>();
            GroupSteps group = new GroupSteps(groups);
            for (TargetCandidate candidate : candidates) {
                group.next(candidate);
                boolean reasons = api.isConversation()
                        && candidate.route().capabilities().reasonsFor(request.reasoning(candidate.overrides()));
                for (Route route : selector.ofOneAccount(
                        CallerKeyRoutes.on(candidate, options.credentials()).withEachKey(), candidate.key())) {
                    boolean hasOneKey = candidate.key().isPresent() || route.callersKey();
                    if (hasOneKey && !ofOneKey.add(route.target())) {
                        continue;
                    }
                    group.add(targets.size());
                    steps.add(Step.of(targets.size(), route.target()).toBuilder()
                            .timeouts(timeouts(candidate))
                            .usual(usual(route.timeouts()))
                            .retry(retry(route.retry()))
                            .cooldown(route.cooldown())
                            .contextWindow(route.contextWindow())
                            .reasons(reasons)
                            .build());
                    Api upstreamApi = upstreamApi(route, candidate);
                    targets.add(new PlannedTarget(
                            route, upstreamApi, withOpenRouters(route, upstreamApi, candidate.overrides())));
                }
            }
            group.end();
            return steps;
        }

        /**
         * The API that is used at the target: the caller's own if the provider has it, unless the model exists in another one
         * only.
         */
        private Api upstreamApi(Route route, TargetCandidate candidate) {
            Api usual = route.provider().apiFor(api).orElse(api);
            if (usual != Api.CHAT || !route.provider().has(Api.RESPONSES)) {
                return usual;
            }
            ModelTraits traits = route.capabilities().traits();
            boolean toolsWithEffort = traits.has(ModelTraits.Flag.RESPONSES_FOR_TOOLS_WITH_EFFORT)
                    && request.facts().tools()
                    && request.reasoning(candidate.overrides()) == ReasoningChoice.ON;
            return toolsWithEffort || traits.has(ModelTraits.Flag.RESPONSES_ONLY) ? Api.RESPONSES : usual;
        }

        /** OpenRouter receives what the caller says about the providers behind it; other providers cannot honour it. */
        private List<FallbackOptions.Override> withOpenRouters(
                Route route, Api upstreamApi, List<FallbackOptions.Override> overrides) {
            Optional<String> provider = request.object(OPEN_ROUTERS);
            if (provider.isEmpty()) {
                return overrides;
            }
            if (!route.provider().isOpenRouter() || upstreamApi != api) {
                if (provider.get().contains("data_collection") || provider.get().contains("zdr")) {
                    selector.warnings()
                            .add("'provider.data_collection' and 'provider.zdr' were not sent to "
                                    + route.target().name() + ", which does not know them");
                }
                return overrides;
            }
            List<FallbackOptions.Override> all = new ArrayList<>(overrides);
            all.add(new FallbackOptions.Override(OPEN_ROUTERS, provider.get()));
            return all;
        }

        private Timeouts timeouts(TargetCandidate candidate) {
            Timeouts configured = candidate.route().timeouts();
            FallbackOptions.Limits limits = options.limits();
            Duration firstToken = limits.firstToken().orElse(configured.firstToken());
            Duration answer = limits.answer()
                    .orElse(limits.firstToken().isPresent() ? firstToken.multipliedBy(3) : configured.answer());
            boolean ownMark = limits.firstToken().isPresent() || limits.answer().isPresent();
            // A model that reasons first is never late sooner than one that does not.
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

        /** A target that had half of a deadline that the operator set has had its time, whatever its own late marks are. */
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
            if (storedState.background()) {
                return new RetryPolicy(0, configured.base(), configured.cap(), configured.patience());
            }
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

        /** Only Chat Completions has a signal for clients to discard what they received. */
        private Recovery recovery() {
            if (storedState.background()) {
                // The job continues, and the client can resume its stream.
                return Recovery.TERMINATE;
            }
            Recovery wanted =
                    options.stream().recovery().orElse(defaults.stream().recovery());
            return wanted == Recovery.RESTART && api != Api.CHAT ? Recovery.CONTINUE : wanted;
        }
    }

    /** A little less than the caller's client waits, so that the response still reaches it. */
    private static Duration lessMargin(Duration patience) {
        Duration tenth = patience.dividedBy(10);
        Duration margin = tenth.compareTo(Duration.ofSeconds(1)) < 0 ? tenth : Duration.ofSeconds(1);
        return patience.minus(margin);
    }
}
