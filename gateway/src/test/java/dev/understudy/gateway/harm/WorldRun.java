package dev.understudy.gateway.harm;

import dev.understudy.gateway.crossing.ClientDialect;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.RawCaller;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Makes calls in one or more worlds at the same time: from every caller's dialect to every target's. */
final class WorldRun {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Hundreds of calls that start at once are late by themselves. */
    private static final long BETWEEN_STARTS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final int REPETITIONS = Scale.REAL ? 0 : 3;

    private static boolean warm;

    private WorldRun() {}

    /**
     * Makes every kind of call once. The first calls of a process take seconds where they are many, and scaled times leave no
     * room for that.
     */
    static synchronized void warmUp() throws Exception {
        if (warm) {
            return;
        }
        warm = true;
        World world = World.streamed(
                "at-once", true, words -> Script.begun().says(words).ends());
        World tool = World.toolCall(
                "tool-at-once",
                arguments -> Script.begun().toolCall().arguments(arguments).ends());
        World whole = World.whole("whole-at-once", words -> Script.start().whole(String.join("", words)));
        World broken = world.withPrimary(
                words -> Script.begun().says(words.subList(0, 1)).closes());
        for (World each : List.of(world, tool, whole, broken)) {
            try (GatewayFixture gateway = Chain.FAST_FALLBACK.start("", each)) {
                of(gateway, each);
            }
        }
    }

    /** All calls, and what became of them. */
    static List<Outcome> of(GatewayFixture gateway, World... worlds) throws Exception {
        int before = gateway.log(0).size();
        List<Future<Outcome.Call>> calls = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (World world : worlds) {
                for (UpstreamApi target : world.targets()) {
                    for (ClientDialect caller : ClientDialect.values()) {
                        calls.add(callers.submit(() -> call(gateway, world, target, caller)));
                        LockSupport.parkNanos(BETWEEN_STARTS);
                    }
                }
            }
        }
        Map<String, JsonObject> log = logged(gateway, before + calls.size());
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<Outcome.Call> call : calls) {
            Outcome.Call over = call.get();
            outcomes.add(Outcome.of(over, log.getOrDefault(over.id(), new JsonObject())));
        }
        return outcomes;
    }

    /**
     * Repeats a run while a fallback answered although the primary showed that it was working. A machine that is busy with other
     * things is late itself where times are scaled; what the gateway does wrong, it does wrong again.
     *
     * @param outcomes of the first run
     * @return the outcomes of the last run
     */
    static List<Outcome> repeatedWhileNeedless(List<Outcome> outcomes, Callable<List<Outcome>> run) throws Exception {
        List<Outcome> latest = outcomes;
        for (int i = 0; i < REPETITIONS && latest.stream().anyMatch(Outcome::needless); i++) {
            latest = run.call();
        }
        return latest;
    }

    private static Map<String, JsonObject> logged(GatewayFixture gateway, int lines) {
        Map<String, JsonObject> byCall = new HashMap<>();
        for (String line : gateway.log(lines)) {
            JsonObject logged = new JsonObject(line);
            byCall.put(logged.getString("call"), logged);
        }
        return byCall;
    }

    /** One call, to its end. */
    static Outcome.Call call(GatewayFixture gateway, World world, UpstreamApi target, ClientDialect caller) {
        String model = Chain.model(target, world);
        try (RawCaller connection = gateway.caller().waitAtMost(PATIENCE)) {
            connection.post(caller.path(model, world.stream()), Question.body(caller, model, world));
            return new Outcome.Call(world, target, caller, Listened.to(connection));
        }
    }
}
