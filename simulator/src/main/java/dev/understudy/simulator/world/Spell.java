package dev.understudy.simulator.world;

/**
 * A time in which a provider has an incident.
 *
 * @param from its first nanosecond
 * @param until the first nanosecond after it
 * @param state how the provider is
 * @param symptom how a provider that is down shows it
 */
public record Spell(long from, long until, State state, Symptom symptom) {

    /** How a provider is. */
    public enum State {
        UP,
        /** It answers, but slowly, and sometimes not. */
        BROWN_OUT,
        /** It answers no request. */
        DOWN
    }

    /** How an outage appears to a client. */
    public enum Symptom {
        /** Connections are refused. */
        REFUSES,
        /** Errors come at once. */
        ERRORS,
        /** Connections are made, and then nothing comes. */
        SILENT,
        /** Not even a connection is made. */
        UNREACHABLE
    }

    boolean contains(long time) {
        return time >= from && time < until;
    }
}
