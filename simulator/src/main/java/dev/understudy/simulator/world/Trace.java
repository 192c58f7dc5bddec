package dev.understudy.simulator.world;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Recorded calls, from a file: a heading, then a line for each with {@code TIMESTAMP,ContextTokens,GeneratedTokens},
 * as Azure publishes its traces. The first call comes at the start of the simulation.
 */
public final class Trace implements Arrivals {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("yyyy-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);

    private final List<Arrival> arrivals;
    private int next;

    private Trace(List<Arrival> arrivals) {
        this.arrivals = arrivals;
    }

    /**
     * Reads a trace.
     *
     * @param file its name, for messages
     * @throws IllegalArgumentException with {@code file:line: message} if a line is none of a trace
     */
    public static Trace read(String file, List<String> lines) {
        List<Arrival> arrivals = new ArrayList<>();
        Optional<LocalDateTime> start = Optional.empty();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty()) {
                continue;
            }
            String[] cells = line.split(",", -1);
            String where = file + ":" + (i + 1) + ": ";
            if (cells.length != 3) {
                throw new IllegalArgumentException(where + "a timestamp and two numbers of tokens are expected here");
            }
            try {
                LocalDateTime at = LocalDateTime.parse(cells[0].strip(), TIMESTAMP);
                LocalDateTime from = start.orElse(at);
                start = Optional.of(from);
                long nanos = Duration.between(from, at).toNanos();
                if (!arrivals.isEmpty() && nanos < arrivals.getLast().at()) {
                    throw new IllegalArgumentException(where + "this call comes before the one above it");
                }
                arrivals.add(new Arrival(
                        nanos, Integer.parseInt(cells[1].strip()), Math.max(1, Integer.parseInt(cells[2].strip()))));
            } catch (DateTimeParseException broken) {
                throw new IllegalArgumentException(where + "no timestamp such as 2023-11-16 18:15:46.680", broken);
            } catch (NumberFormatException broken) {
                throw new IllegalArgumentException(where + "no number of tokens", broken);
            }
        }
        return new Trace(arrivals);
    }

    /** The time of the last call. */
    public long end() {
        return arrivals.isEmpty() ? 0 : arrivals.getLast().at();
    }

    /** The calls, from the first. */
    public Trace again() {
        return new Trace(arrivals);
    }

    @Override
    public Optional<Arrival> next() {
        return next < arrivals.size() ? Optional.of(arrivals.get(next++)) : Optional.empty();
    }
}
