package dev.understudy.engine;

/**
 * What one replica tells the others of a circuit breaker. All times are durations up to the moment at which it is told, because the
 * clocks of replicas differ.
 */
public sealed interface CircuitNews {
    /** Which circuit. */
    CircuitId circuit();

    /**
     * It opened, or its cooldown became longer.
     *
     * @param because the failure that did it
     * @param remaining nanoseconds until the cooldown ends; at least 1
     * @param binding nanoseconds for which the provider itself asks to be left alone; 0 if it does not
     * @param hinted whether the provider named the time
     * @param trips by how many failed trials the cooldown has grown
     * @param age nanoseconds since the attempt began whose failure did it
     */
    record Opened(
            CircuitId circuit, FailureKind because, long remaining, long binding, boolean hinted, int trips, long age)
            implements CircuitNews {}

    /**
     * It closed.
     *
     * @param age nanoseconds since the attempt began whose success closed it, or since it was reset
     */
    record Closed(CircuitId circuit, long age) implements CircuitNews {}
}
