package dev.understudy.gateway.harm;

import dev.understudy.gateway.crossing.Tongue;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.gateway.wire.RawCaller;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes calls in one or more worlds at the same time: from every caller's dialect to every target's. */
final class WorldRun {
    /** As long as the official SDKs wait, almost. */
    private static final Duration PATIENCE = Scale.of(500);

    private WorldRun() {}

    /** All calls, and what became of them. */
    static List<Outcome> of(GatewayFixture gateway, World... worlds) throws Exception {
        List<Future<Outcome.Call>> calls = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (World world : worlds) {
                for (UpstreamApi target : world.targets()) {
                    for (Tongue caller : Tongue.values()) {
                        calls.add(callers.submit(() -> call(gateway, world, target, caller)));
                    }
                }
            }
        }
        Map<String, JsonObject> log = new HashMap<>();
        for (String line : gateway.log(calls.size())) {
            JsonObject logged = new JsonObject(line);
            log.put(logged.getString("call"), logged);
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome.Call> call : calls) {
            Outcome.Call over = call.get();
            outcomes.add(Outcome.of(over, log.getOrDefault(over.id(), new JsonObject())));
        }
        return outcomes;
    }

    private static Outcome.Call call(GatewayFixture gateway, World world, UpstreamApi target, Tongue caller) {
        String model = Chain.model(target, world);
        try (RawCaller connection = gateway.caller().waitAtMost(PATIENCE)) {
            connection.post(caller.path(model, world.stream()), Question.body(caller, model, world));
            return new Outcome.Call(world, target, caller, Listened.to(connection));
        }
    }
}
