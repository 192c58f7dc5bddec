package dev.understudy.protocol.answer;

import dev.understudy.protocol.neutral.Finish;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Which choices have begun and which have ended, and why. */
public final class ChoiceTally {
    /** More choices than any provider gives; whatever index a broken one sends, memory stays small. */
    static final int HIGHEST = 1023;

    private final BitSet seen = new BitSet();
    private final BitSet finished = new BitSet();
    private String reason = "";
    private boolean filtered;
    private Optional<Finish> breakdown = Optional.empty();

    /** The index under which a choice is counted. */
    public static int counted(int index) {
        return Math.clamp(index, 0, HIGHEST);
    }

    public void seen(int index) {
        seen.set(counted(index));
    }

    public void finished(int index, String why) {
        finished.set(counted(index));
        if (reason.isEmpty()) {
            reason = why;
        }
        filtered |= why.equals("content_filter");
    }

    /** A choice ended because the provider, or its model, failed. */
    public void brokeDown(int index, Finish why) {
        finished(index, "error");
        breakdown = Optional.of(why);
    }

    public boolean none() {
        return seen.isEmpty();
    }

    /** Whether all that came belongs to the first choice. */
    public boolean onlyFirst() {
        return seen.length() <= 1;
    }

    /** Whether as many choices have ended as were requested, and no other is open. */
    public boolean complete(int expected) {
        return finished.cardinality() >= expected && allEnded();
    }

    /** Whether there is a choice, and each one that began has ended. */
    public boolean allEnded() {
        return !seen.isEmpty() && finished.cardinality() >= seen.cardinality();
    }

    /** The choices that have begun and not ended. */
    public List<Integer> open() {
        BitSet open = (BitSet) seen.clone();
        open.andNot(finished);
        return open.stream().boxed().toList();
    }

    /** The reason of the choice that ended first; empty if none has. */
    public String reason() {
        return reason;
    }

    /** A content filter ended a choice. */
    public boolean filtered() {
        return filtered;
    }

    /** The last end that is a breakdown; empty if there is none. */
    public Optional<Finish> breakdown() {
        return breakdown;
    }
}
