package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.gateway.wire.GatewayFixture;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where no provider fails, no call does: every answer is the whole one, and it is the primary's wherever the primary showed
 * that it was working. The worlds run side by side, since they consist of waiting.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HarmlessWorldsTest {
    /** Waiting costs nothing, but too many that do anything at once are late by themselves. */
    private static final int AT_ONCE = Scale.REAL ? 200 : 8;

    private static final long BETWEEN_STARTS = Scale.REAL ? TimeUnit.MILLISECONDS.toNanos(700) : 0;

    private final ExecutorService runners = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Cell, Future<List<Outcome>>> runs = new LinkedHashMap<>();

    private final Map<Cell, List<Outcome>> repeated = new HashMap<>();

    record Cell(World world, Chain chain) {
        @Override
        public String toString() {
            return world + " " + chain;
        }
    }

    @BeforeAll
    void runAll() throws Exception {
        WorldRun.warmUp();
        Semaphore room = new Semaphore(AT_ONCE);
        for (World world : Worlds.ALL) {
            for (Chain chain : Chain.values()) {
                Cell cell = new Cell(world, chain);
                LockSupport.parkNanos(BETWEEN_STARTS);
                runs.put(cell, runners.submit(() -> {
                    room.acquire();
                    try {
                        return run(cell);
                    } finally {
                        room.release();
                    }
                }));
            }
        }
    }

    private static List<Outcome> run(Cell cell) throws Exception {
        try (GatewayFixture gateway = cell.chain().start(Scale.defaults(), cell.world())) {
            return WorldRun.of(gateway, cell.world());
        }
    }

    @AfterAll
    void report() {
        runners.close();
        System.out.println(table());
    }

    Stream<Cell> cells() {
        return runs.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyCallGetsTheWholeAnswer(Cell cell) throws Exception {
        List<Outcome> outcomes = runs.get(cell).get(280, TimeUnit.SECONDS);
        assertThat(outcomes).extracting(Outcome::harm).containsOnly("");
        List<Outcome> latest = WorldRun.repeatedWhileNeedless(outcomes, () -> run(cell));
        repeated.put(cell, latest);
        assertThat(latest)
                .filteredOn(Outcome::needless)
                .as("answered by a fallback, though the primary showed that it was working")
                .isEmpty();
    }

    /** World by chain: calls, harmed calls, calls that another target answered. */
    private String table() {
        StringBuilder table = new StringBuilder("\n| world |");
        for (Chain chain : Chain.values()) {
            table.append(' ').append(chain.name().toLowerCase(Locale.ROOT)).append(" |");
        }
        table.append(" (calls, harm, answered by the fallback)\n");
        for (World world : Worlds.ALL) {
            table.append("| ")
                    .append(world)
                    .append(world.life() ? "" : " (silent)")
                    .append(" |");
            for (Chain chain : Chain.values()) {
                table.append(' ').append(counts(new Cell(world, chain))).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String counts(Cell cell) {
        Future<List<Outcome>> run = runs.get(cell);
        if (run.state() != Future.State.SUCCESS) {
            return run.state().toString();
        }
        List<Outcome> outcomes = repeated.getOrDefault(cell, run.resultNow());
        long harm = outcomes.stream().filter(each -> !each.harm().isEmpty()).count();
        long others = outcomes.stream().filter(each -> !each.byPrimary()).count();
        return outcomes.size() + ", " + harm + ", " + others;
    }
}
