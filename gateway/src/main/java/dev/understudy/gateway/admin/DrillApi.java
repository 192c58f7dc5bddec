package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.Problem;
import dev.understudy.gateway.drill.Drill;
import dev.understudy.gateway.drill.DrillFault;
import dev.understudy.gateway.drill.Drills;
import dev.understudy.rehearsal.RehearsalProvider;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The paths of the admin API that concern drills. */
public final class DrillApi {
    private static final Set<String> MEMBERS =
            Set.of("name", "target", "fault", "calls", "caller", "percent", "minutes");
    private static final String PATH = "/drills";

    /** A token of structured fields, as which the trail has it. */
    private static final String NAME = "[a-z][a-z0-9._-]{0,39}";

    private static final int USUAL_MINUTES = 5;
    private static final long REHEARSAL_SECONDS = 10;

    private final Drills drills;
    private final Supplier<Set<String>> providers;
    private final Supplier<Future<RehearsalProvider>> rehearsal;

    /**
     * @param providers the names of those in the configuration
     * @param rehearsal the rehearsal provider, which is started if it does not run yet
     */
    public DrillApi(Drills drills, Supplier<Set<String>> providers, Supplier<Future<RehearsalProvider>> rehearsal) {
        this.drills = drills;
        this.providers = providers;
        this.rehearsal = rehearsal;
    }

    /** Its operations, for {@link AdminApi#and}. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("GET", PATH, request -> list()),
                AdminApi.operation("POST", PATH, this::start),
                AdminApi.operation("DELETE", PATH + "/{name}", this::end));
    }

    private AdminResponse list() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("permitted", drills.arePermitted());
        json.put("header", Drills.MARK);
        json.put("longest_minutes", Drills.LONGEST.toMinutes());
        ArrayNode faults = json.putArray("faults");
        DrillFault.kinds()
                .forEach(kind -> faults.addObject()
                        .put("name", kind.act().id())
                        .put("signature", DrillFault.signature(kind))
                        .put("description", kind.act().description()));
        ArrayNode running = json.putArray("running");
        ArrayNode ended = json.putArray("ended");
        drills.list().forEach(drill -> (drill.end().isEmpty() ? running : ended).add(document(drill)));
        return AdminResponse.of(json);
    }

    private AdminResponse start(AdminRequest request) throws AdminError {
        Drill.Order order = order(request);
        // Also where drills are forbidden, this only starts a provider without calls; the refusal has one place.
        Optional<Drills.Refusal> refusal = drills.start(order, chatOfRehearsal());
        if (refusal.isPresent()) {
            throw switch (refusal.get()) {
                case NOT_PERMITTED -> AdminError.drillsOff();
                case NAME_IN_USE ->
                    AdminError.of(
                            409,
                            "drill_exists",
                            "a drill named '" + order.name() + "' is running; end it, or take another name");
                case TOO_MANY ->
                    AdminError.of(
                            429, "too_many_drills", "only " + Drills.MOST_RUNNING + " drills can run at once; end one");
            };
        }
        return AdminResponse.of(drills.list().stream()
                .filter(drill -> drill.order().equals(order))
                .findFirst()
                .map(DrillApi::document)
                .orElseThrow(() -> new IllegalStateException("the drill that was started is gone")));
    }

    private AdminResponse end(AdminRequest request) throws AdminError {
        String name = request.variable("name");
        String reason = "it was ended by " + (request.author().isEmpty() ? "an operator" : request.author());
        return AdminResponse.of(document(drills.end(name, reason)
                .orElseThrow(() -> AdminError.notFound("no drill named '" + name + "' is running"))));
    }

    private Drill.Order order(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(MEMBERS);
        List<Problem> problems = new ArrayList<>();
        String name = AdminRequest.text(body, "name");
        if (!name.matches(NAME)) {
            problems.add(
                    AdminRequest.problem(
                            "name",
                            "must be of small letters, digits, dots, underscores and hyphens, begin with a letter, and have at most 40 of them"));
        }
        String target = AdminRequest.text(body, "target");
        Set<String> known = providers.get();
        if (!known.contains(target.split("/", 2)[0]) || target.endsWith("/")) {
            problems.add(AdminRequest.problem(
                    "target",
                    "name a target (provider/model) or a provider of the configuration: "
                            + String.join(", ", new TreeSet<>(known))));
        }
        String calls = AdminRequest.text(body, "calls");
        if (!Set.of("", "marked", "all").contains(calls)) {
            problems.add(AdminRequest.problem("calls", "must be marked or all"));
        }
        String caller = AdminRequest.text(body, "caller");
        if (!caller.isEmpty() && calls.equals("all")) {
            problems.add(AdminRequest.problem("caller", "marks the calls of a key; a drill of all calls has no marks"));
        }
        int percent = AdminRequest.number(body, "percent", 1, 100, 100, problems);
        int minutes =
                AdminRequest.number(body, "minutes", 1, USUAL_MINUTES, (int) Drills.LONGEST.toMinutes(), problems);
        Optional<DrillFault> fault = Optional.empty();
        try {
            fault = Optional.of(DrillFault.parse(AdminRequest.text(body, "fault")));
        } catch (IllegalArgumentException unknown) {
            problems.add(AdminRequest.problem("fault", String.valueOf(unknown.getMessage())));
        }
        if (!problems.isEmpty() || fault.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        return new Drill.Order(
                name,
                target,
                fault.get(),
                !calls.equals("all"),
                caller,
                percent,
                Duration.ofMinutes(minutes),
                request.author());
    }

    private URI chatOfRehearsal() {
        try {
            RehearsalProvider provider =
                    rehearsal.get().toCompletionStage().toCompletableFuture().get(REHEARSAL_SECONDS, TimeUnit.SECONDS);
            return URI.create(provider.baseUrl() + "/chat/completions");
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("the rehearsal provider cannot be started", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the gateway is stopping", stopped);
        }
    }

    private static ObjectNode document(Drill drill) {
        Drill.Order order = drill.order();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", order.name());
        json.put("target", order.target());
        json.put("fault", order.fault().toString());
        json.put("calls", order.markedOnly() ? "marked" : "all");
        if (!order.caller().isEmpty()) {
            json.put("caller", order.caller());
        }
        json.put("percent", order.percent());
        json.put("author", order.author());
        json.put("started", drill.started().toString());
        json.put("ends", drill.ends().toString());
        drill.end().ifPresent(end -> json.put("ended", end.at().toString()).put("reason", end.reason()));
        Drill.Result result = drill.result();
        ObjectNode felt = json.putObject("result");
        felt.put("calls", result.calls());
        felt.put("rescued", result.rescued());
        felt.put("answered", result.answered());
        felt.put("failed", result.failed());
        felt.put("broken_off", result.brokenOff());
        felt.put("caller_left", result.callersLeft());
        ObjectNode added = felt.putObject("added_ms");
        put(added, "p50", result.addedP50());
        put(added, "p95", result.addedP95());
        put(added, "max", result.addedMost());
        return json;
    }

    private static void put(ObjectNode json, String name, OptionalLong millis) {
        if (millis.isPresent()) {
            json.put(name, millis.getAsLong());
        }
    }
}
