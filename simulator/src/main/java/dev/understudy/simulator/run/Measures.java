package dev.understudy.simulator.run;

import java.util.EnumMap;
import java.util.Map;

/** What a run showed. Calls whose caller left or sent what no target can answer are counted apart. */
public final class Measures {
    /** What became of a call. */
    public enum Outcome {
        /** The whole answer, in time. */
        ANSWERED,
        /** An answer with nothing in it, which two models agree on. */
        BLANK,
        /** An error before anything else. */
        GIVEN_UP,
        /** A part of an answer, marked as one. */
        BROKEN_OFF,
        /** The caller's own fault, reported at once. */
        REFUSED,
        /** The caller left. */
        LEFT
    }

    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private final Samples firstToken = new Samples();
    private final Samples total = new Samples();
    private final Samples recovery = new Samples();
    private final Samples regret = new Samples();
    private final Timeline timeline = new Timeline();
    private long attempts;
    private long promptTokens;
    private long answerTokens;
    private long usefulTokens;
    private long deadlineMisses;
    private long truncationsAsSuccess;
    private long openedWithoutIncident;
    private long foreseeable;
    private long missed;
    private long answeredDirectly;
    private long lost;
    private long displaced;
    private long needless;
    private long failedDirectly;
    private long rescued;

    void ended(Outcome outcome, long arrived) {
        outcomes.merge(outcome, 1L, Long::sum);
        switch (outcome) {
            case ANSWERED, BLANK -> timeline.add(arrived, true);
            case GIVEN_UP, BROKEN_OFF -> timeline.add(arrived, false);
            case REFUSED, LEFT -> {}
        }
    }

    void answered(long untilFirst, long untilEnd, int tokens) {
        firstToken.add(untilFirst);
        total.add(untilEnd);
        usefulTokens += tokens;
    }

    void attempted(int prompt) {
        attempts++;
        promptTokens += prompt;
    }

    void generated(long tokens) {
        answerTokens += tokens;
    }

    void deadlineMissed() {
        deadlineMisses++;
    }

    void truncationAsSuccess() {
        truncationsAsSuccess++;
    }

    void countOpenedWithoutIncident() {
        openedWithoutIncident++;
    }

    void recovered(long nanos) {
        recovery.add(nanos);
    }

    /**
     * What became of a call that its first target alone would have answered, or would not.
     *
     * @param byAnother whether another target gave the answer, or its end
     * @param despiteLife whether that target was started though an attempt showed signs of life
     */
    void comparedWithDirect(boolean direct, boolean answered, boolean byAnother, boolean despiteLife) {
        if (!direct) {
            failedDirectly++;
            rescued += answered ? 1 : 0;
            return;
        }
        answeredDirectly++;
        lost += answered ? 0 : 1;
        needless += answered && byAnother ? 1 : 0;
        displaced += answered && despiteLife ? 1 : 0;
    }

    /** The time to the first content with the oracle. */
    void foreseen(boolean answered, long later) {
        foreseeable++;
        if (answered) {
            regret.add(later);
        } else {
            missed++;
        }
    }

    /** How many calls ended so. */
    public long count(Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }

    /** Calls that could have been answered: all but those of callers that disconnected or sent a request that no target can answer. */
    public long calls() {
        return count(Outcome.ANSWERED) + count(Outcome.BLANK) + count(Outcome.GIVEN_UP) + count(Outcome.BROKEN_OFF);
    }

    private long all() {
        return calls() + count(Outcome.REFUSED) + count(Outcome.LEFT);
    }

    /** The share of calls with the whole answer in time. */
    public double answered() {
        return calls() == 0 ? 1 : (double) (count(Outcome.ANSWERED) + count(Outcome.BLANK)) / calls();
    }

    /** Attempts per call. */
    public double attemptsPerCall() {
        return all() == 0 ? 0 : (double) attempts / all();
    }

    /** Tokens per call that are paid for, of the prompts and of all answers. */
    public double tokensPerCall() {
        return all() == 0 ? 0 : (double) (promptTokens + answerTokens) / all();
    }

    /** The share of the generated tokens that no caller got as part of a whole answer. */
    public double wasted() {
        return answerTokens == 0 ? 0 : Math.max(0, 1 - (double) usefulTokens / answerTokens);
    }

    /** Nanoseconds until the first content, of calls that were answered. */
    public Samples firstToken() {
        return firstToken;
    }

    /** Nanoseconds until the whole answer, of calls that were answered. */
    public Samples total() {
        return total;
    }

    /** Nanoseconds from the end of an outage of the first target to its next answer, where its circuit was open. */
    public Samples recovery() {
        return recovery;
    }

    /** Nanoseconds by which the first content came later than an oracle would have had it. */
    public Samples regret() {
        return regret;
    }

    /** The share of the calls that an oracle would have had answered, and that were not. */
    public double missed() {
        return foreseeable == 0 ? 0 : (double) missed / foreseeable;
    }

    /** The share of the calls that the first target alone would have answered while the caller waits. */
    public double direct() {
        return share(answeredDirectly, answeredDirectly + failedDirectly);
    }

    /**
     * The share of the calls that the first target alone would have answered, and that got no answer, or that of another
     * target although an attempt showed life.
     */
    public double harm() {
        return share(lost + displaced, answeredDirectly);
    }

    /** Calls that the first target alone would have answered, and that got no answer. */
    public long lost() {
        return lost;
    }

    /** The share of the calls that the first target alone would not have answered, and that got the whole answer. */
    public double rescue() {
        return failedDirectly == 0 ? 1 : share(rescued, failedDirectly);
    }

    /** The share of the calls that the first target alone would have answered, and that another one did. */
    public double needless() {
        return share(needless, answeredDirectly);
    }

    private static double share(long some, long all) {
        return all == 0 ? 0 : (double) some / all;
    }

    /** Calls that ended because a limit on their time passed. */
    public long deadlineMisses() {
        return deadlineMisses;
    }

    /** Answers that were delivered as whole and were not. */
    public long truncationsAsSuccess() {
        return truncationsAsSuccess;
    }

    /** How often a circuit opened while its provider had no incident. */
    public long openedWithoutIncident() {
        return openedWithoutIncident;
    }

    /** The share of answered calls over time. */
    public Timeline timeline() {
        return timeline;
    }
}
