package dev.understudy.gateway.faults;

import dev.understudy.engine.FailureKind;
import dev.understudy.testing.faults.Delivery;
import dev.understudy.testing.faults.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table of what was seen, for people: {@code target/failure-table.md}, rewritten whenever a class has finished. */
final class FailureTable {
    private static final Path FILE = Path.of("target", "failure-table.md");

    private static final Map<FailureKind, List<Row>> ROWS = new TreeMap<>();
    private static final List<String> GOOD = new ArrayList<>();

    /**
     * @param one what the caller saw when the first target of three failed so; empty where that is not a case
     * @param everybody what it saw when all three did
     */
    record Row(String fault, Delivery delivery, Moment moment, String one, int attempts, String everybody, int inAll) {}

    private FailureTable() {}

    static synchronized void add(FailureKind kind, Row row) {
        ROWS.computeIfAbsent(kind, absent -> new ArrayList<>()).add(row);
    }

    static synchronized void addGood(String answer, Delivery delivery, String seen) {
        GOOD.add("| " + answer + " | " + delivery + " | " + seen + " |");
    }

    static synchronized void write() {
        StringBuilder text = new StringBuilder("""
                # Failures at the wire

                What a caller saw, through a running gateway, with a chain of three targets. Attempts are those that \
                the trail lists, the successful one included.

                | kind | what the upstream did | delivery | moment | the caller saw, one target failing | attempts \
                | the caller saw, all three failing | attempts |
                |---|---|---|---|---|---|---|---|
                """);
        ROWS.forEach((kind, rows) -> rows.forEach(row -> text.append("| `%s` | %s | %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        kind.wireName(),
                        row.fault(),
                        row.delivery(),
                        row.moment(),
                        row.one(),
                        row.attempts() == 0 ? "" : row.attempts(),
                        row.everybody(),
                        row.inAll() == 0 ? "" : row.inAll()))));
        text.append("""

                ## Odd, but good: answered by the first target, no other was tried

                | what the upstream did | delivery | the caller saw |
                |---|---|---|
                """);
        GOOD.forEach(line -> text.append(line).append('\n'));
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
