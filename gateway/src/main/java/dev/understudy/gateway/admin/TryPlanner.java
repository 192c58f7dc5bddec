package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Problem;
import dev.understudy.calls.config.ProviderDialect;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.engine.Timeouts;
import dev.understudy.gateway.drill.DrillFault;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads requests of the console for calls that try a chain out, and plans the calls with the planner of all calls.
 *
 * <p>In a rehearsed call every provider of the plan has an address that does not exist, so that none is reached by mistake. In a real
 * call the providers are those in force, with the keys that were set at run time.
 */
final class TryPlanner {
    private static final Logger LOG = LoggerFactory.getLogger(TryPlanner.class);

    private static final Set<String> MEMBERS =
            Set.of("chain", "targets", "fallbacks", "faults", "message", "stream", "real", "max_tokens");
    private static final String OK = "ok";
    private static final Set<String> FAULTS = Set.of(OK, "down", "slow", "cut", "throttled");
    private static final URI NOWHERE = URI.create("http://rehearsal.invalid/v1");
    private static final String USUAL_NAME = "(try)";
    /** How much longer than its late mark a slow target is silent. */
    private static final Duration BEYOND_THE_MARK = Duration.ofSeconds(1);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(25);
    private static final BodyLimits BODY = BodyLimits.ofSize(1_000_000);

    private static final int USUAL_TOKENS = 256;
    private static final int MOST_TOKENS = 2_048;
    private static final int LONGEST_REAL_MESSAGE = 10_000;

    private final RuntimeSettings settings;
    private final BooleanSupplier realCallsArePermitted;
    private final Supplier<Map<String, ProviderSettings>> providers;

    /** What a call says, and how. */
    private record Message(String text, boolean stream, OptionalInt maxTokens) {}

    /** @param providers those in force by name, for real calls */
    TryPlanner(
            RuntimeSettings settings,
            BooleanSupplier realCallsArePermitted,
            Supplier<Map<String, ProviderSettings>> providers) {
        this.settings = settings;
        this.realCallsArePermitted = realCallsArePermitted;
        this.providers = providers;
    }

    /**
     * Reads a request and plans its call. Reads the configuration file, and so does not belong on an event loop.
     *
     * @throws AdminError if there is no such chain, or anything in the request is impossible
     */
    PlannedTry plan(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(MEMBERS);
        String chain = AdminRequest.text(body, "chain");
        JsonNode targets = body.get("targets");
        ObjectNode edit = body.deepCopy().retain("targets", "fallbacks");
        if (chain.isEmpty() && targets == null) {
            throw AdminError.invalid(List.of(AdminRequest.problem("chain", "name a chain, or targets")));
        }
        boolean real = AdminRequest.flag(body, "real").orElse(false);
        if (real && !realCallsArePermitted.getAsBoolean()) {
            throw AdminError.drillsOff();
        }
        Message message = message(body, real);
        Map<String, String> faults = faults(body);
        String name = chain.isEmpty() ? USUAL_NAME : chain;
        Settings wanted = settings.settings(settings.draft(
                (file, layer) -> edit.isEmpty() ? layer : edited(name, chain.isEmpty(), edit, file, layer)));
        try {
            return real
                    ? real(wanted, name, message, faults, request.author())
                    : rehearsed(wanted, name, message, faults);
        } catch (NoEligibleTarget | BadRequest impossible) {
            throw AdminError.invalid(List.of(AdminRequest.problem("chain", String.valueOf(impossible.getMessage()))));
        }
    }

    private static Message message(ObjectNode body, boolean real) throws AdminError {
        List<Problem> problems = new ArrayList<>();
        String text = AdminRequest.text(body, "message");
        int tokens = AdminRequest.number(body, "max_tokens", 1, USUAL_TOKENS, MOST_TOKENS, problems);
        if (!real && body.has("max_tokens")) {
            problems.add(AdminRequest.problem("max_tokens", "limits real calls only"));
        }
        if (real && text.length() > LONGEST_REAL_MESSAGE) {
            problems.add(AdminRequest.problem(
                    "message", "a real call has a message of at most " + LONGEST_REAL_MESSAGE + " characters"));
        }
        if (!problems.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        return new Message(
                text.isBlank() ? "Hello" : text,
                AdminRequest.flag(body, "stream").orElse(true),
                real ? OptionalInt.of(tokens) : OptionalInt.empty());
    }

    /** Targets without a chain are tried alone; targets and fallbacks of a chain in place of its own. */
    private static SettingsLayer edited(
            String name, boolean alone, ObjectNode edit, ObjectNode file, SettingsLayer layer) throws AdminError {
        if (alone && !edit.has("fallbacks")) {
            edit.putArray("fallbacks");
        }
        return ChainDocuments.edit(name, edit).of(file, layer);
    }

    private static Map<String, String> faults(ObjectNode body) throws AdminError {
        Map<String, String> faults = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        body.path("faults").properties().forEach(each -> {
            if (FAULTS.contains(each.getValue().asText())) {
                faults.put(each.getKey(), each.getValue().asText());
            } else {
                problems.add(AdminRequest.problem(
                        "faults." + each.getKey(), "must be one of " + String.join(", ", new TreeSet<>(FAULTS))));
            }
        });
        if (!problems.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        return faults;
    }

    private static PlannedTry rehearsed(Settings wanted, String name, Message message, Map<String, String> faults)
            throws NoEligibleTarget, BadRequest {
        // The rehearsal provider has one dialect.
        Settings rehearsed = wanted.withProviders(wanted.providers().keySet().stream()
                .map(provider -> ProviderSettings.ofCaller(provider, ProviderDialect.OPENAI, NOWHERE, false))
                .toList());
        return planned(wanted, rehearsed, name, message, planned -> {
            Map<String, String> acts = new HashMap<>();
            for (PlannedTarget target : planned.targets()) {
                String called = target.route().target().name();
                boolean isRehearsal = target.route().target().provider().equals(Settings.REHEARSAL);
                if (faults.containsKey(called) || !isRehearsal) {
                    acts.put(
                            called,
                            act(faults.getOrDefault(called, OK), target.route().timeouts(), message.stream()));
                }
            }
            return new PlannedTry.Upstreams.Rehearsed(acts);
        });
    }

    private PlannedTry real(Settings wanted, String name, Message message, Map<String, String> faults, String author)
            throws NoEligibleTarget, BadRequest, AdminError {
        Map<String, ProviderSettings> inForce = providers.get();
        PlannedTry tried = planned(wanted, wanted.withProviders(inForce.values()), name, message, planned -> {
            Map<String, DrillFault> injected = new HashMap<>();
            for (PlannedTarget target : planned.targets()) {
                String called = target.route().target().name();
                String fault = faults.getOrDefault(called, OK);
                if (!fault.equals(OK)) {
                    injected.put(
                            called, DrillFault.parse(act(fault, target.route().timeouts(), message.stream())));
                }
            }
            return new PlannedTry.Upstreams.Real(injected, author);
        });
        for (PlannedTarget target : tried.planned().targets()) {
            String provider = target.route().target().provider();
            if (!inForce.containsKey(provider)) {
                throw AdminError.invalid(List.of(AdminRequest.problem(
                        "targets", "the provider '" + provider + "' is not in force yet; reload the configuration")));
            }
        }
        LOG.info(
                "a real call of {} was requested in the console by {}",
                name,
                author.isEmpty() ? "an unnamed operator" : author);
        return tried;
    }

    private static PlannedTry planned(
            Settings wanted,
            Settings withProviders,
            String name,
            Message message,
            Function<PlannedCall, PlannedTry.Upstreams> upstreams)
            throws NoEligibleTarget, BadRequest {
        CallPlanner planner = new CallPlanner(
                Catalog.of(withProviders),
                new ResponseOwners(),
                wanted.server().bounds().deadline());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("model", name);
        json.put("stream", message.stream());
        message.maxTokens().ifPresent(most -> {
            json.put("max_tokens", most);
            if (message.stream()) {
                // Else providers do not count the tokens of a stream, and the cost is not known.
                json.putObject("stream_options").put("include_usage", true);
            }
        });
        ArrayNode messages = json.putArray("messages");
        messages.addObject().put("role", "user").put("content", message.text());
        InboundRequest inbound = new InboundRequest(
                Api.CHAT,
                Optional.empty(),
                message.stream(),
                InboundRequest.JSON,
                InboundRequest.Forwarded.NOTHING,
                json.toString().getBytes(StandardCharsets.UTF_8));
        CallerRequest request = inbound.request(BODY);
        FallbackOptions options = request.options(HeaderLookup.NONE, planner.policy());
        PlannedCall planned = planner.plan(Api.CHAT, request, options, "");
        return new PlannedTry(wanted, inbound, request, options, planned, upstreams.apply(planned));
    }

    private static String act(String fault, Timeouts limits, boolean stream) {
        return switch (fault) {
            case "slow" -> {
                Duration silence = (stream ? limits.firstToken() : limits.answer()).plus(BEYOND_THE_MARK);
                long millis = Math.min(silence.toMillis(), LONGEST_SILENCE.toMillis());
                yield "slow?ttft=" + millis + "ms";
            }
            case "cut" -> "cut?at=12";
            default -> fault;
        };
    }
}
