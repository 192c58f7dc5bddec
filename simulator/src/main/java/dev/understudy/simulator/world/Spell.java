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

    /** The state of a provider. */
    public enum State {
        UP,
        /** It answers slowly, and some requests fail. */
        BROWN_OUT,
        /** It answers no request. */
        DOWN
    }

    /** How an outage appears to a client. */
    public enum Symptom {
        /** Connections are refused. */
        REFUSES,
        /** Requests fail at once. */
        ERRORS,
        /** Connections are established, and then there is no response. */
        SILENT,
        /** No connection can be established. */
        UNREACHABLE
    }

    boolean contains(long time) {
        return time >= from && time < until;
    }
}
