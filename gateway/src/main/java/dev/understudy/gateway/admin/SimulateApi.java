package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.config.Problem;
import dev.understudy.calls.plan.CallPlanner;
import dev.understudy.calls.plan.CallPreview;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.engine.LatencyProfile;
import dev.understudy.gateway.simulate.SimulatedOutage;
import dev.understudy.gateway.simulate.SimulationDocument;
import dev.understudy.gateway.simulate.Simulations;
import dev.understudy.protocol.json.BadRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The paths of the admin API that concern simulations. */
public final class SimulateApi {
    private static final Set<String> MEMBERS = Set.of("chain", "outage", "worlds", "hours", "calls", "seed");
    private static final String PATH = "/simulate";
    private static final int USUAL_WORLDS = 3;
    private static final int USUAL_HOURS = 6;
    private static final int USUAL_CALLS = 3_000;
    private static final int FEWEST_CALLS = 100;
    private static final int MOST_SEED = 1_000_000_000;

    private final Simulations simulations;
    private final Supplier<Known> known;

    /** What the gateway knows now: how calls are planned, how often it retries and hedges, and how long its targets take. */
    public record Known(CallPlanner planner, Defaults.Budgets budgets, LatencyProfile latency) {}

    public SimulateApi(Simulations simulations, Supplier<Known> known) {
        this.simulations = simulations;
        this.known = known;
    }

    /** Its operations, for {@link AdminApi#and}. */
    public List<AdminApi.Operation> operations() {
        return List.of(
                AdminApi.operation("POST", PATH, this::start),
                AdminApi.operation(
                        "GET", PATH + "/{id}", request -> AdminResponse.of(SimulationDocument.of(run(request)))),
                AdminApi.operation("DELETE", PATH + "/{id}", this::cancel),
                AdminApi.operation("GET", PATH + "/{id}/report", this::report));
    }

    private AdminResponse start(AdminRequest request) throws AdminError {
        ObjectNode body = request.object(MEMBERS);
        List<Problem> problems = new ArrayList<>();
        String chain = AdminRequest.text(body, "chain");
        String wanted = AdminRequest.text(body, "outage");
        SimulatedOutage outage = Arrays.stream(SimulatedOutage.values())
                .filter(each -> each.wireName().equals(wanted))
                .findFirst()
                .orElse(SimulatedOutage.ERRORS);
        if (!wanted.isEmpty() && !outage.wireName().equals(wanted)) {
            problems.add(AdminRequest.problem(
                    "outage",
                    "must be one of "
                            + Arrays.stream(SimulatedOutage.values())
                                    .map(SimulatedOutage::wireName)
                                    .collect(Collectors.joining(", "))));
        }
        Simulations.Order order = new Simulations.Order(
                chain,
                outage,
                AdminRequest.number(body, "worlds", 1, USUAL_WORLDS, Simulations.MOST_WORLDS, problems),
                AdminRequest.number(body, "hours", 1, USUAL_HOURS, Simulations.MOST_HOURS, problems),
                AdminRequest.number(body, "calls", FEWEST_CALLS, USUAL_CALLS, Simulations.MOST_CALLS, problems),
                AdminRequest.number(
                        body, "seed", 0, ThreadLocalRandom.current().nextInt(MOST_SEED), MOST_SEED, problems));
        Known now = known.get();
        Optional<PlannedCall> planned = planned(now, chain, problems);
        if (!problems.isEmpty() || planned.isEmpty()) {
            throw AdminError.invalid(problems);
        }
        return AdminResponse.of(SimulationDocument.of(simulations
                .start(order, planned.get(), now.budgets(), now.latency())
                .orElseThrow(() -> AdminError.of(
                        429,
                        "simulations_busy",
                        "a simulation is running and another one waits; try again when one has ended"))));
    }

    private static Optional<PlannedCall> planned(Known now, String chain, List<Problem> problems) {
        if (chain.isBlank()) {
            problems.add(AdminRequest.problem("chain", "name a chain, or a target"));
            return Optional.empty();
        }
        try {
            return Optional.of(new CallPreview(now.planner()).ofModel(chain, Optional.empty()));
        } catch (NoEligibleTarget | BadRequest impossible) {
            problems.add(AdminRequest.problem("chain", String.valueOf(impossible.getMessage())));
            return Optional.empty();
        }
    }

    private Simulations.Run run(AdminRequest request) throws AdminError {
        return simulations
                .find(request.variable("id"))
                .orElseThrow(() -> AdminError.notFound("there is no such simulation, or it is no longer kept"));
    }

    private AdminResponse cancel(AdminRequest request) throws AdminError {
        Simulations.Run run = run(request);
        run.cancel();
        return AdminResponse.of(SimulationDocument.of(run));
    }

    /** As a text, so that a browser shows no page under the address of the admin API. */
    private AdminResponse report(AdminRequest request) throws AdminError {
        String page = run(request)
                .report()
                .orElseThrow(() -> AdminError.notFound("the simulation has no report: it is not done"));
        return new AdminResponse(200, "text/plain; charset=utf-8", Optional.empty(), page);
    }
}
