package dev.understudy.simulator.rules;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Command;
import dev.understudy.engine.Concern;
import dev.understudy.engine.Failure;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Signal;
import dev.understudy.engine.Step;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Signals and commands as text in scripts and traces; equal ones have equal text. */
public final class Transcript {
    private static final long SECOND = 1_000_000_000;

    private Transcript() {}

    /** A line of a script. */
    public static String of(Script.Line line) {
        String where = seconds(line.at()) + "  call " + line.call() + "  ";
        return where
                + switch (line) {
                    case Script.Arrives arrives -> "arrives: " + of(arrives.plan());
                    case Script.Told told -> of(told.signal());
                };
    }

    static String of(Plan plan) {
        return (plan.caller().isEmpty() ? "" : plan.caller() + ", ")
                + plan.chain().stream().map(step -> step.target().name()).collect(Collectors.joining(", "))
                + plan.instead().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> "; after " + entry.getKey().wireName() + " "
                                + entry.getValue().stream()
                                        .map(step -> step.target().name())
                                        .collect(Collectors.joining(", ")))
                        .collect(Collectors.joining())
                + plan.deadline()
                        .map(deadline -> "; deadline " + deadline.toMillis() + " ms")
                        .orElse("")
                + plan.patience()
                        .map(patience -> "; patience " + patience.toMillis() + " ms")
                        .orElse("")
                + (plan.streaming() ? ", streaming, recovery " + plan.recovery().wireName() : "")
                + (plan.hedging() ? ", hedging" : "");
    }

    /** A signal. */
    public static String of(Signal signal) {
        return switch (signal) {
            case Signal.Begin() -> "begin";
            case Signal.Connected(int attempt) -> "connected " + attempt;
            case Signal.Progress(int attempt, long characters, boolean continuable) ->
                "progress " + attempt + " " + characters + (continuable ? "" : " (cannot be continued)");
            case Signal.Alive(int attempt, var sign) -> "alive " + attempt + " " + sign;
            case Signal.HeadSent() -> "head sent";
            case Signal.Finishing(int attempt) -> "finishing " + attempt;
            case Signal.Completed(int attempt) -> "completed " + attempt;
            case Signal.Failed(int attempt, Failure failure) ->
                "failed " + attempt + " " + failure.kind().wireName()
                        + (failure.concern() == Concern.REQUEST ? " (this request)" : "") + hint(failure.retryAfter());
            case Signal.Paused(int attempt) -> "paused " + attempt;
            case Signal.Resumed(int attempt) -> "resumed " + attempt;
            case Signal.Due() -> "due";
            case Signal.CallerLeft() -> "caller left";
        };
    }

    private static String hint(OptionalLong nanos) {
        return nanos.isPresent() ? " (again in " + seconds(nanos.getAsLong()) + " s)" : "";
    }

    /** A command. */
    public static String of(Command command) {
        return switch (command) {
            case Command.Start(int attempt, Step step, AttemptKind attemptKind) ->
                "start " + attempt + " " + step.target() + " " + attemptKind.wireName();
            case Command.Cancel(int attempt) -> "cancel " + attempt;
            case Command.Commit(int attempt) -> "commit " + attempt;
            case Command.Preview(int attempt) -> "preview " + attempt;
            case Command.Continue(int attempt) -> "continue " + attempt;
            case Command.WakeAt(long at) -> "wake at " + seconds(at);
            case Command.Deliver(int attempt) -> "deliver " + attempt;
            case Command.GiveUp(var verdict) ->
                "give up " + verdict.status() + " " + verdict.shown().kind().wireName();
            case Command.Abandon() -> "abandon";
        };
    }

    /** Nanoseconds as seconds, exactly. */
    public static String seconds(long nanos) {
        // Ten digits with a one in front, so that the zeros behind the point stay: a format string takes ten times as
        // long.
        String fraction = Long.toString(SECOND + nanos % SECOND);
        return nanos / SECOND + "." + fraction.substring(1);
    }
}
