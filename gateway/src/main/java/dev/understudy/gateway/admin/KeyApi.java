package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.ApiKey;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.KeyLimits;
import dev.understudy.calls.config.Problem;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.gateway.quota.GatewayKey;
import dev.understudy.gateway.quota.GatewayKeys;
import dev.understudy.gateway.quota.KeyQuota;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.store.StoredKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The operations of {@code /admin/v1/keys}: the keys of callers, of which those of the configuration can only be read.
 *
 * <p>Two changes alter more than the key that they name, and have to be confirmed in the request: the first key closes the gateway to
 * callers without one, and without the last key everyone may call.
 */
public final class KeyApi {
    private static final Set<String> CREATE = Set.of("name", "limits", "close_gateway");
    private static final Set<String> CHANGE = Set.of("limits");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._@/+-]{0,99}");

    private static final String NO_ADMIN_KEY = "Set an admin key first (server.admin.key, or UNDERSTUDY_ADMIN_KEY):"
            + " without one, the operator's pages would be closed together with the gateway, or open to every caller."
            + " server.admin.open: true opens them on purpose.";
    private static final String CLOSES =
            "Callers need no key now. The first key closes the gateway to all callers that do not present a key.";
    private static final String OPENS =
            "This is the last key, and the configuration has none: without it, every client that reaches the gateway may call.";
    private static final String UNKNOWN =
            "The keys in the store could not be read since the start. They are refused until the"
                    + " store is available; keys of the configuration work.";

    private final RuntimeSettings settings;
    private final RuntimeKeys keys;
    private final RunningConfiguration running;

    /**
     * The operations of a gateway.
     *
     * @param keys of callers that are made at run time
     * @param running the configuration that is in force
     */
    public KeyApi(RuntimeSettings settings, RuntimeKeys keys, RunningConfiguration running) {
        this.settings = settings;
        this.keys = keys;
        this.running = running;
    }

    /** All of them. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("GET", "/keys", request -> list()),
                AdminApi.operation("POST", "/keys", this::create),
                AdminApi.operation("PATCH", "/keys/{id}", this::change),
                AdminApi.operation("DELETE", "/keys/{id}", this::revoke));
    }

    private AdminResponse list() {
        RuntimeKeys.Loaded state = keys.state();
        GatewayKeys inForce = running.keys();
        Instant now = Instant.now();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("open", inForce.areNone());
        json.put("can_create", whyNoChange().isEmpty());
        warnings(state).forEach(json.putArray("warnings")::add);
        ArrayNode list = json.putArray("keys");
        for (ApiKey key : running.settings().server().keys()) {
            ObjectNode each = list.addObject();
            each.put("name", key.name());
            each.put("source", "configuration");
            each.set("limits", key.limits().tree());
            describe(each, inForce.find(key.secret().reveal()), now);
        }
        state.entries().forEach(entry -> list.add(document(entry, inForce, now)));
        return AdminResponse.of(json);
    }

    private List<String> warnings(RuntimeKeys.Loaded state) {
        List<String> warnings = new ArrayList<>();
        whyNoChange().ifPresent(warnings::add);
        if (running.keys().areNone()) {
            warnings.add(CLOSES);
        }
        if (!state.isKnown() && state.mayExist()) {
            warnings.add(UNKNOWN);
        }
        return warnings;
    }

    /** Why no key can be made; empty if one can. */
    private Optional<String> whyNoChange() {
        if (settings.store().isEmpty()) {
            return Optional.of("Keys cannot be made: " + settings.whyNoStore());
        }
        ServerSettings.Admin admin = running.settings().server().admin();
        return admin.key().isPresent() || admin.open() ? Optional.empty() : Optional.of(NO_ADMIN_KEY);
    }

    private static ObjectNode document(RuntimeKeys.RuntimeKey entry, GatewayKeys inForce, Instant now) {
        StoredKey key = entry.key();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", key.id());
        json.put("name", key.name());
        json.put("source", "run_time");
        json.put("version", key.version());
        json.put("ends_with", key.hint());
        json.put("created", key.at().toString());
        json.put("author", key.author());
        try {
            json.set("limits", RuntimeKeys.tree(key));
        } catch (InvalidSettings unreadable) {
            json.putObject("limits");
        }
        if (!entry.problem().isEmpty()) {
            json.put("problem", entry.problem());
        }
        describe(json, inForce.withDigest(key.digest()), now);
        return json;
    }

    /** What a key has used, as far as it is counted. */
    private static void describe(ObjectNode json, Optional<GatewayKey> inForce, Instant now) {
        json.put("expired", inForce.isPresent() && inForce.get().isExpired(now));
        Optional<KeyQuota> quota = inForce.flatMap(GatewayKey::quota);
        if (quota.isPresent()) {
            ObjectNode use = json.putObject("use");
            use.put("calls_in_progress", quota.get().callsInProgress());
            ObjectNode spent = use.putObject("spent_usd");
            quota.get()
                    .spentByPeriod(now)
                    .forEach((period, picodollars) ->
                            spent.put(period, ModelPrice.dollars(picodollars).toPlainString()));
        }
    }

    private AdminResponse create(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(CREATE);
        String name = AdminRequest.text(body, "name").strip();
        Settings now = running.settings();
        List<Problem> problems = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            problems.add(AdminRequest.problem(
                    "name", "write the name of the key's holder: up to 100 letters, digits, blanks and . _ @ / + -"));
        }
        ObjectNode limits = limits(body, JsonNodeFactory.instance.objectNode());
        check(limits, problems);
        if (!problems.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        // Refuses if there is none.
        settings.openStore();
        if (whyNoChange().isPresent()) {
            throw AdminError.of(409, "admin_key_required", NO_ADMIN_KEY);
        }
        if (now.server().keys().stream().anyMatch(key -> key.name().equals(name))) {
            throw AdminError.of(409, "name_in_use", "a key of the configuration has this name; choose another name");
        }
        // One after the other: of two that come at once, only one is the first.
        synchronized (keys) {
            keys.refresh();
            return created(
                    name,
                    limits,
                    request,
                    AdminRequest.flag(body, "close_gateway").orElse(false));
        }
    }

    private AdminResponse created(String name, ObjectNode limits, AdminRequest request, boolean mayClose)
            throws AdminError {
        boolean closes = running.keys().areNone();
        if (closes && !mayClose) {
            throw AdminError.of(
                    409, "closes_gateway", CLOSES + " Send \"close_gateway\": true with the request to confirm that.");
        }
        RuntimeKeys.CreatedKey created = keys.create(name, limits, request.author());
        ObjectNode json = current(created.key().id());
        json.put("key", created.secret());
        ArrayNode warnings = json.putArray("warnings");
        if (closes) {
            warnings.add("The gateway is closed now to callers that do not present a key.");
        }
        return new AdminResponse(
                201, "application/json", Optional.of(created.key().version()), json.toString());
    }

    /** The limits of a request over those that there are: each replaces the one of its name, and null removes it. */
    private static ObjectNode limits(ObjectNode body, ObjectNode before) throws AdminError {
        JsonNode stated = body.get("limits");
        if (stated == null || stated.isNull()) {
            return before;
        }
        if (!(stated instanceof ObjectNode limits)) {
            throw AdminError.invalid(List.of(AdminRequest.problem("limits", "must be an object")));
        }
        limits.properties().forEach(limit -> {
            if (limit.getValue().isNull()) {
                before.remove(limit.getKey());
            } else {
                before.set(limit.getKey(), limit.getValue());
            }
        });
        return before;
    }

    private void check(ObjectNode limits, List<Problem> problems) {
        try {
            KeyLimits.of(limits, running.settings().providers().keySet());
        } catch (InvalidSettings wrong) {
            problems.addAll(wrong.problems());
        }
    }

    private AdminResponse change(AdminRequest request) throws AdminError {
        RuntimeKeys.RuntimeKey entry = entry(request);
        long version = entry.key().version();
        String stated = request.ifMatch()
                .orElseThrow(() -> AdminError.of(
                        428,
                        "precondition_required",
                        "send the version of the key to which the change is made in an If-Match header",
                        version));
        if (!AdminRequest.isOf(stated, version)) {
            throw AdminError.keyConflict(version);
        }
        ObjectNode before = JsonNodeFactory.instance.objectNode();
        try {
            before = RuntimeKeys.tree(entry.key());
        } catch (InvalidSettings unreadable) {
            // Limits that cannot be read are replaced as a whole.
        }
        ObjectNode limits = limits(request.object(CHANGE), before);
        List<Problem> problems = new ArrayList<>();
        check(limits, problems);
        if (!problems.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        StoredKey changed = keys.change(entry.key().id(), limits, version);
        return AdminResponse.of(current(changed.id())).at(changed.version());
    }

    private AdminResponse revoke(AdminRequest request) throws AdminError {
        // One after the other: of two that come at once, only one is the last.
        synchronized (keys) {
            keys.refresh();
            return revoked(request, entry(request));
        }
    }

    private AdminResponse revoked(AdminRequest request, RuntimeKeys.RuntimeKey entry) throws AdminError {
        boolean isLast = running.settings().server().keys().isEmpty()
                && keys.state().entries().size() == 1;
        if (isLast && !request.text("open_gateway").filter("true"::equals).isPresent()) {
            throw AdminError.of(
                    409, "opens_gateway", OPENS + " Send ?open_gateway=true with the request to confirm that.");
        }
        keys.revoke(entry.key().id(), request.author());
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("revoked", entry.key().name());
        json.put("open", running.keys().areNone());
        return AdminResponse.of(json);
    }

    private RuntimeKeys.RuntimeKey entry(AdminRequest request) throws AdminError {
        return keys.state()
                .find(request.variable("id"))
                .orElseThrow(() -> AdminError.notFound("there is no key with this id that was made at run time"));
    }

    private ObjectNode current(String id) throws AdminError {
        RuntimeKeys.RuntimeKey entry =
                keys.state().find(id).orElseThrow(() -> AdminError.notFound("this key was revoked in the meantime"));
        return document(entry, running.keys(), Instant.now());
    }
}
