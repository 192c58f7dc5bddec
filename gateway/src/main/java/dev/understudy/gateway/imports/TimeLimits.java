package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** Limits that end a request, as timeouts here. */
final class TimeLimits {
    /** What people have to know of them. */
    static final String COMMENT =
            "As before, these end a late attempt. Without when-late: cancel they would be late marks: the next"
                    + " target is started beside the attempt, which continues, so that a slow answer is not lost.";

    /** The cap of a call; a longer limit ends nothing. */
    private static final BigDecimal LONGEST = BigDecimal.valueOf(600);

    private static final BigDecimal SHORTEST = new BigDecimal("0.001");

    private TimeLimits() {}

    /**
     * Adds the timeouts of a level.
     *
     * @param whole seconds for an answer, and between two pieces of a stream
     * @param firstToken seconds until a stream's first token; empty if it has no limit of its own
     */
    static void put(ObjectNode level, Optional<BigDecimal> whole, Optional<BigDecimal> firstToken) {
        Optional<BigDecimal> limit = whole.filter(TimeLimits::isUseful);
        Optional<BigDecimal> first = firstToken.filter(TimeLimits::isUseful).or(() -> limit);
        if (first.isEmpty()) {
            return;
        }
        ObjectNode timeouts = level.withObjectProperty("timeouts");
        timeouts.put("first-token", text(first.get()));
        String rest = text(limit.orElse(LONGEST));
        timeouts.put("idle", rest);
        timeouts.put("answer", rest);
        timeouts.put("reasoning", rest);
        timeouts.put("when-late", "cancel");
    }

    private static boolean isUseful(BigDecimal seconds) {
        return seconds.compareTo(LONGEST) < 0 && seconds.compareTo(SHORTEST) >= 0;
    }

    /** Seconds as a duration. */
    static String text(BigDecimal seconds) {
        BigDecimal millis = seconds.movePointRight(3).setScale(0, RoundingMode.HALF_UP);
        return millis.remainder(BigDecimal.valueOf(1000)).signum() == 0
                ? millis.movePointLeft(3).toBigInteger() + "s"
                : millis.toBigInteger() + "ms";
    }
}
