package dev.understudy.testing.faults;

import dev.understudy.testing.faults.Surface.CallEnd;
import dev.understudy.testing.faults.Surface.Scene;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The one table of wire faults, with what follows from each for the caller. Each surface plays all rows that it can have, so that a
 * fault has the same outcome on all of them.
 *
 * <p>A row checks what the caller reads, the attempts in the trail, and the number of requests at each upstream.
 */
public final class SurfaceTable {
    private SurfaceTable() {}

    /** A line of the table. */
    public sealed interface Row {
        Delivery delivery();

        Limits limits();

        /** The first target fails before its first content: the second one answers, unless no other may be tried. */
        record OneFails(Fault fault, Delivery delivery) implements Row {
            @Override
            public Limits limits() {
                return fault.limits();
            }

            @Override
            public String toString() {
                return delivery + ": one " + fault;
            }
        }

        /** All targets fail in the same way: the caller gets an error, and nothing that looks like an answer. */
        record AllFail(Fault fault, Delivery delivery) implements Row {
            @Override
            public Limits limits() {
                return fault.limits();
            }

            @Override
            public String toString() {
                return delivery + ": each " + fault;
            }
        }

        /** The first target's answer is blank: the second one answers. */
        record IsBlank(Blank blank) implements Row {
            @Override
            public Delivery delivery() {
                return blank.delivery();
            }

            @Override
            public Limits limits() {
                return Limits.NONE;
            }

            @Override
            public String toString() {
                return delivery() + ": one " + blank;
            }
        }

        /**
         * The first target's stream breaks after its first content.
         *
         * @param recovered whether the second target continues; otherwise the caller reads an error, never an end
         * @param prompt whether it is a stream of the Completions API
         */
        record Breaks(Break broken, boolean recovered, boolean prompt) implements Row {
            @Override
            public Delivery delivery() {
                return Delivery.STREAM;
            }

            @Override
            public Limits limits() {
                return broken.limits();
            }

            @Override
            public String toString() {
                return delivery() + (prompt ? " of a completion" : "") + ": one " + broken + " after content, "
                        + (recovered ? "two continues" : "not continued");
            }
        }

        /** The first target is healthy, if odd or slow: it answers, and no other target is tried. */
        record Healthy(Odd odd) implements Row {
            @Override
            public Delivery delivery() {
                return odd.delivery();
            }

            @Override
            public Limits limits() {
                return Limits.NONE;
            }

            @Override
            public String toString() {
                return delivery() + ": one " + odd;
            }
        }
    }

    /** The rows in which a target fails before its first content, or breaks after it. */
    public static Stream<Row> faults() {
        List<Row> rows = new ArrayList<>();
        Stream.of(
                        ErrorReplies.serverTrouble(),
                        ErrorReplies.limits(),
                        ErrorReplies.keysAndNames(),
                        ErrorReplies.requests(),
                        BrokenReplies.connections(),
                        BrokenReplies.silences(),
                        BrokenReplies.bodies(),
                        BrokenReplies.unseenStreams())
                .flatMap(List::stream)
                // The surfaces below have no providers with TLS; the gateway's own tests do.
                .filter(fault -> !fault.tls())
                .forEach(fault -> fault.delivery().forEach(delivery -> {
                    rows.add(new Row.OneFails(fault, delivery));
                    rows.add(new Row.AllFail(fault, delivery));
                }));
        Blank.blanks().forEach(blank -> rows.add(new Row.IsBlank(blank)));
        for (Break broken : Break.breaks()) {
            for (boolean prompt : new boolean[] {false, true}) {
                rows.add(new Row.Breaks(broken, false, prompt));
                rows.add(new Row.Breaks(broken, true, prompt));
            }
        }
        return rows.stream();
    }

    /** The rows in which the first target is healthy. */
    public static Stream<Row> healthy() {
        return Stream.of(Odd.wholes(), Odd.endings(), Odd.framings(), Odd.contents(), Odd.slow())
                .flatMap(List::stream)
                .map(Row.Healthy::new);
    }

    /**
     * The rows of both that this surface can have.
     *
     * @throws IllegalArgumentException if the surface leaves out a row that is not in the table
     */
    public static Stream<Row> rows(Surface surface) {
        Set<String> leftOut = surface.cannotExpress().keySet();
        Set<String> unknown = new TreeSet<>(leftOut);
        Stream.concat(faults(), healthy()).map(Row::toString).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("the table has no such rows: " + unknown);
        }
        return Stream.concat(faults(), healthy())
                .filter(row -> !leftOut.contains(row.toString()))
                .filter(row -> surface.has(row.limits()))
                .filter(row -> surface.showsKinds() || isSeenThroughLibraries(row))
                .filter(row -> !(row instanceof Row.Healthy healthy
                        && healthy.odd().name().equals(Odd.BROKEN_CHUNK)
                        && !surface.readsWhatIsBeforeBrokenChunks()))
                .filter(row -> !(row instanceof Row.Breaks breaks && breaks.recovered() && !surface.continuesStreams()))
                .filter(row -> !(row instanceof Row.Breaks breaks && breaks.prompt() && !surface.completesPrompts()));
    }

    /**
     * Whether a surface above another library can have the outcome of the row: libraries accept some answers that are none, such as a
     * list or half a stream, and wait for the end of the connection where the end of the answer would do.
     */
    private static boolean isSeenThroughLibraries(Row row) {
        return switch (row) {
            case Row.OneFails fails -> isSeenThroughLibraries(fails.fault());
            case Row.AllFail fail -> isSeenThroughLibraries(fail.fault());
            case Row.IsBlank blank -> true;
            case Row.Breaks breaks -> breaks.broken().isOfTheConnection();
            case Row.Healthy healthy -> !healthy.odd().holdsTheConnection();
        };
    }

    /** Errors with a status, connections that fail, and silence. */
    private static boolean isSeenThroughLibraries(Fault fault) {
        return fault.moment() != Moment.BEFORE_COMMIT || fault.limits() != Limits.NONE;
    }

    /**
     * Plays a row.
     *
     * @throws AssertionError if anything is not as the row says
     */
    public static void play(Row row, Surface surface) {
        try (ScriptedUpstream one = ScriptedUpstream.start();
                ScriptedUpstream two = ScriptedUpstream.start();
                ScriptedUpstream three = ScriptedUpstream.start()) {
            two.answerAlways(Answers.good(row.delivery()));
            three.answerAlways(Answers.good(row.delivery()));
            CountDownLatch read = new CountDownLatch(1);
            boolean everybody = row instanceof Row.AllFail;
            boolean terminates = row instanceof Row.Breaks breaks && !breaks.recovered();
            Scene scene = new Scene(
                    one,
                    two,
                    three,
                    row.limits(),
                    everybody,
                    terminates ? "terminate" : "continue",
                    row.delivery(),
                    row instanceof Row.Breaks breaks && breaks.prompt(),
                    text -> {
                        if (!text.isEmpty()) {
                            read.countDown();
                        }
                    });
            switch (row) {
                case Row.OneFails fails -> oneFails(fails.fault(), scene, surface);
                case Row.AllFail fail -> allFail(fail.fault(), scene, surface);
                case Row.IsBlank blank -> {
                    one.answerAlways(blank.blank().reply());
                    rescued(surface, surface.call(scene), List.of("empty"));
                    requests(scene, 1, 1);
                }
                case Row.Breaks breaks -> breaks(breaks, scene, surface, read);
                case Row.Healthy healthy -> {
                    one.answerAlways(healthy.odd().reply());
                    isHarmless(healthy.odd(), scene, surface);
                }
            }
        }
    }

    private static void oneFails(Fault fault, Scene scene, Surface surface) {
        fault.script().accept(scene.one());
        int attempts = fault.promise().attempts();
        CallEnd end = surface.call(scene);
        List<String> failed = repeated(fault.kind().wireName(), attempts);
        if (fault.promise().next()) {
            rescued(surface, end, failed);
        } else {
            same("text", end, end.text(), "");
            isTold(surface, end, fault);
        }
        boolean counted = surface.showsKinds() && !fault.readsNoRequest();
        requests(
                scene,
                counted ? attempts : scene.one().requestCount(),
                fault.promise().next() ? 1 : 0);
        if (fault.limits() != Limits.NONE && surface.cancels(scene.delivery())) {
            // Whatever is tried instead, the late attempt is cancelled at the wire.
            scene.one().take().peerClosedNanos(Duration.ofSeconds(10));
        }
    }

    private static void allFail(Fault fault, Scene scene, Surface surface) {
        List.of(scene.one(), scene.two(), scene.three()).forEach(fault.script());
        CallEnd end = surface.call(scene);
        same("text", end, end.text(), "");
        isTold(surface, end, fault);
        same("truncated", end, end.truncated(), false);
        if (surface.showsKinds()) {
            same("attempts", end, end.outcomes(), repeated(fault.kind().wireName(), fault.everywhere()));
        }
    }

    private static void breaks(Row.Breaks row, Scene scene, Surface surface, CountDownLatch read) {
        Break broken = row.broken();
        if (row.prompt()) {
            broken.playInCompletion(scene.one(), scene.two(), read);
        } else {
            broken.play(scene.one(), scene.two(), read);
        }
        CallEnd end = surface.call(scene);
        same("text", end, end.text(), row.recovered() ? "Hello" : "Hel");
        same("truncated", end, end.truncated(), !row.recovered());
        if (surface.showsKinds()) {
            List<String> outcomes = new ArrayList<>(List.of(broken.kind().wireName()));
            if (row.recovered()) {
                outcomes.add("ok");
            }
            same("attempts", end, end.outcomes(), outcomes);
        }
        requests(scene, 1, row.recovered() ? 1 : 0);
    }

    /** A call that succeeds directly succeeds, with the same text, in one attempt. */
    private static void isHarmless(Odd odd, Scene scene, Surface surface) {
        // Without us a library would wait for the end of the connection, which takes longer than the row.
        Optional<CallEnd> direct = odd.holdsTheConnection() ? Optional.empty() : surface.direct(scene);
        if (direct.isPresent()
                && (direct.get().error() != 0 || direct.get().text().isEmpty() && odd.hasText())) {
            // The library of the caller does not read such an answer, as one that it would have to decompress.
            return;
        }
        int before = scene.one().requestCount();
        CallEnd end = surface.call(scene);
        same("error", end, end.error(), 0);
        same("truncated", end, end.truncated(), false);
        // An answer without text, such as one that a filter has cut, is not counted as a success, and is delivered.
        same("attempts", end, end.outcomes().size(), 1);
        direct.ifPresent(without -> same("text", end, end.text(), without.text()));
        requests(scene, before + 1, 0);
    }

    private static void rescued(Surface surface, CallEnd end, List<String> failed) {
        same("text", end, end.text(), Answers.TEXT);
        same("error", end, end.error(), 0);
        if (surface.showsKinds()) {
            List<String> outcomes = new ArrayList<>(failed);
            outcomes.add("ok");
            same("attempts", end, end.outcomes(), outcomes);
        } else {
            same("the last attempt", end, end.outcomes().getLast(), "ok");
        }
    }

    private static void isTold(Surface surface, CallEnd end, Fault fault) {
        if (surface.showsKinds()) {
            boolean own = surface.showsProvidersStatus() && fault.status() >= 400;
            same(
                    "error",
                    end,
                    end.error(),
                    own ? fault.status() : fault.promise().status());
        } else if (end.error() == 0) {
            throw new AssertionError("no error: " + end);
        }
    }

    private static void requests(Scene scene, int first, int second) {
        same("requests to one", scene, scene.one().requestCount(), first);
        same("requests to two", scene, scene.two().requestCount(), second);
        same("requests to three", scene, scene.three().requestCount(), 0);
    }

    private static List<String> repeated(String outcome, int times) {
        return Stream.generate(() -> outcome).limit(times).toList();
    }

    private static void same(String what, Object seen, Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new AssertionError(what + ": expected " + expected + ", but was " + actual + "; " + seen);
        }
    }
}
