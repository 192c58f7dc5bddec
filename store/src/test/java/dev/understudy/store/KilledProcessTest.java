package dev.understudy.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that changes settings and records calls is killed at moments that a seed chooses, again and again on the same file: no
 * change that was confirmed is lost, nor a call that was written, and the file is sound.
 *
 * <p>{@code -Dunderstudy.store.kills=200 -Dunderstudy.store.seed=…} for more rounds and other moments.
 */
class KilledProcessTest {
    private static final int ROUNDS = Integer.getInteger("understudy.store.kills", 20);
    private static final long SEED = Long.getLong("understudy.store.seed", 14L);
    private static final int CALLS_PER_CHANGE = 40;

    /** The process that is killed: writes a line for each version that was confirmed, and for each call that was written. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            String process = ProcessHandle.current().pid() + "-" + System.nanoTime() + "-";
            try (Store store = Stores.open(options(Path.of(arguments[0])))) {
                long version =
                        store.settings().latest().map(SettingsVersion::version).orElse(0L);
                for (int call = 1; ; call++) {
                    store.calls().add(SampleCalls.rescued(process + call, 900_000));
                    if (call % CALLS_PER_CHANGE == 0) {
                        version = store.settings()
                                .put(new SettingsChange(layer(version + 1), "child", "", List.of()), version)
                                .version();
                        confirm("version " + version);
                    }
                    if (call % (3 * CALLS_PER_CHANGE) == 0 && store.calls().awaitWritten(Duration.ofSeconds(10))) {
                        confirm("call " + process + call);
                    }
                }
            }
        }

        private static void confirm(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }

    private static StoreOptions options(Path folder) {
        return StoreOptions.in(folder).keeping(Duration.ofDays(100_000), 1_000_000);
    }

    /** Longer than a page of the file. */
    private static String layer(long version) {
        return ("chains of version " + version + "\n").repeat(300);
    }

    @Test
    void noConfirmedChangeIsLostAndTheFileIsSound(@TempDir Path folder) throws Exception {
        Random random = new Random(SEED);
        long recoveries = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            Confirmed confirmed = runAndKill(folder, 1 + random.nextInt(25), random.nextInt(20_000_000));
            try (Store store = Stores.open(options(folder))) {
                String which = "round " + round + " of seed " + SEED;
                assertThat(store.status().message()).as(which).isEmpty();
                recoveries += store.status().recovery().isPresent() ? 1 : 0;
                long latest = store.settings().latest().orElseThrow().version();
                assertThat(latest).as(which).isBetween(confirmed.version(), confirmed.version() + 1);
                for (long version = Math.max(1, latest - 50); version <= latest; version++) {
                    assertThat(store.settings().version(version).orElseThrow().layer())
                            .as("%s, version %d", which, version)
                            .isEqualTo(layer(version));
                }
                for (String call : confirmed.calls()) {
                    assertThat(store.calls().find(call)).as(which).isPresent();
                }
                assertThat(store.calls().summary(SampleCalls.NOON).calls())
                        .as("%s: sums and records", which)
                        .isEqualTo(count(folder));
            }
            assertThat(integrity(folder)).isEqualTo("ok");
        }
        assertThat(recoveries)
                .as("rounds in which something had to be recovered")
                .isPositive();
    }

    private record Confirmed(long version, List<String> calls) {}

    private static Confirmed runAndKill(Path folder, int versions, long nanosMore) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long version = 0;
        List<String> calls = new ArrayList<>();
        try (BufferedReader lines = child.inputReader()) {
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String confirmed = line.substring(line.indexOf(' ') + 1);
                if (line.startsWith("version")) {
                    version = Long.parseLong(confirmed);
                    if (++seen == versions) {
                        LockSupport.parkNanos(nanosMore);
                        // SIGKILL. Through the handle, which leaves the lines in the pipe to be read.
                        child.toHandle().destroyForcibly();
                    }
                } else {
                    calls.add(confirmed);
                }
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(child.exitValue()).as("killed, and not ended by itself").isEqualTo(137);
        return new Confirmed(version, calls);
    }

    private static long count(Path folder) throws Exception {
        return Long.parseLong(query(folder, "SELECT COUNT(*) FROM calls"));
    }

    private static String integrity(Path folder) throws Exception {
        return query(folder, "PRAGMA integrity_check");
    }

    private static String query(Path folder, String sql) throws Exception {
        try (Connection connection = new SqliteDatabase(folder).reading().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
