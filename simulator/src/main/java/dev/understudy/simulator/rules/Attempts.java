package dev.understudy.simulator.rules;

import dev.understudy.engine.Signal;

/** Which attempt a signal is about. */
final class Attempts {
    private Attempts() {}

    /** Its number; 0 if it is about the call. */
    static int of(Signal signal) {
        return switch (signal) {
            case Signal.Connected(int attempt) -> attempt;
            case Signal.Progress progress -> progress.attempt();
            case Signal.Alive alive -> alive.attempt();
            case Signal.HeadSent() -> 0;
            case Signal.Finishing(int attempt) -> attempt;
            case Signal.Completed(int attempt) -> attempt;
            case Signal.Failed failed -> failed.attempt();
            case Signal.Paused(int attempt) -> attempt;
            case Signal.Resumed(int attempt) -> attempt;
            case Signal.Begin() -> 0;
            case Signal.Due() -> 0;
            case Signal.CallerLeft() -> 0;
        };
    }
}
