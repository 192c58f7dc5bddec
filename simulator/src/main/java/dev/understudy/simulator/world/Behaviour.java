package dev.understudy.simulator.world;

import dev.understudy.engine.Signal;
import dev.understudy.simulator.world.Reasoning.Shows;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The course of one successful answer: which signs of life the model shows, how long it reasons, where it pauses and where
 * its tool call begins.
 *
 * <p>Its random numbers are its own, so that a provider with habits has the same faults as one without.
 *
 * @param greets whether a stream's response headers come at once
 * @param pingGap nanoseconds between two signs of life; 0 for none
 * @param lateBy by how much the first token comes later than usual
 * @param reasoning what a stream shows of the model's reasoning
 * @param reasons nanoseconds for which it reasons
 * @param pauseAt the share of the text after which it pauses
 * @param pause nanoseconds
 * @param text the share of the answer that is text; the rest is a tool call
 */
record Behaviour(
        boolean greets,
        long pingGap,
        long lateBy,
        Optional<Shows> reasoning,
        long reasons,
        double pauseAt,
        long pause,
        double text) {

    private static final double EARLY = 0.2;

    static Behaviour of(ProviderProfile settings, SimulatedRequest request, double slower, long seed) {
        Habits habits = settings.habits();
        Optional<Reasoning> model = settings.model(request.model()).reasoning();
        SplittableRandom random = Draws.of(seed, "habits", request.target().hashCode(), request.call(), request.nth());
        boolean streaming = request.streaming();
        boolean early = random.nextDouble() < habits.early();
        boolean pings = random.nextDouble() < habits.pings();
        long gap = habits.pingGap().nanos(random);
        boolean late = random.nextDouble() < habits.late();
        long lateBy = habits.lateBy().nanos(random);
        boolean pauses = random.nextDouble() < habits.pauses();
        long pause = habits.pause().nanos(random);
        double pauseAt = random.nextDouble();
        double text = random.nextBoolean() ? 0 : random.nextDouble();
        long reasons =
                model.map(how -> (long) (how.time().nanos(random) * slower)).orElse(0L);
        Optional<Shows> shows = model.map(Reasoning::shows);
        boolean kept = streaming && (pings || shows.equals(Optional.of(Shows.PINGS)));
        return new Behaviour(
                streaming && (early || kept || shows.isPresent()),
                kept ? gap : 0,
                late ? lateBy : 0,
                streaming ? shows : Optional.empty(),
                reasons,
                pauseAt,
                streaming && pauses ? pause : 0,
                streaming && request.tool() ? text : 1);
    }

    FateWriter greeting(FateWriter fate) {
        if (greets) {
            fate.headers();
        }
        return pingGap > 0 ? fate.pinging(pingGap) : fate;
    }

    /** Writes what comes before the first content, whose usual time from the start is given. */
    FateWriter untilContent(FateWriter fate, long usually) {
        if (reasoning.equals(Optional.of(Shows.REASONING))) {
            return fate.after(usually + lateBy).works(reasons, Signal.Sign.REASONING);
        }
        return fate.after(usually + lateBy + reasons);
    }

    /**
     * Writes a streamed answer.
     *
     * @param tokens of the whole of it
     * @param position how many of them come
     */
    FateWriter answer(FateWriter fate, long first, double perToken, int tokens, int position) {
        if (position == 0) {
            return fate;
        }
        double reasoned = position / (EARLY * tokens);
        if (reasons > 0 && reasoned < 1) {
            // An early break happens while the model reasons.
            fate.after(first + lateBy);
            return reasoning.equals(Optional.of(Shows.REASONING))
                    ? fate.works((long) (reasoned * reasons), Signal.Sign.REASONING)
                    : fate.waits((long) (reasoned * reasons));
        }
        untilContent(fate, first);
        int textTokens = (int) (tokens * text);
        int sent = Math.min(textTokens, position);
        fate.content(perToken, sent, pause > 0 ? (int) (pauseAt * textTokens) : Integer.MAX_VALUE, pause);
        if (position > textTokens) {
            fate.works((long) (perToken * (position - textTokens)), Signal.Sign.TOOL_CALL);
            if (position == tokens) {
                fate.toolCall(tokens);
            }
        }
        return fate;
    }
}
