package dev.understudy.gateway.drill;

import dev.understudy.calls.driver.CallResources;
import dev.understudy.calls.record.FinishedCall;
import dev.understudy.calls.upstream.InjectedFaults;
import dev.understudy.calls.upstream.UpstreamResources;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.engine.HealthRegistry;
import dev.understudy.engine.SharedState;
import dev.understudy.protocol.recovery.ContinuationForms;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drills of this process: which run, and which calls they concern.
 *
 * <p>A drill ends when its time is over, whether or not anything tells it so: each call looks at the clock. While none runs, a call
 * pays one volatile read.
 */
public final class Drills {
    /** The longest time of a drill. */
    public static final Duration LONGEST = Duration.ofMinutes(60);

    /** How many drills can run at once. */
    public static final int MOST_RUNNING = 10;

    /** The request header that marks a call, with the name of a drill. */
    public static final String MARK = "x-understudy-drill";

    private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
    private static final int MOST_ENDED = 20;

    private final Surroundings surroundings;
    private final Deque<Drill> ended = new ArrayDeque<>();
    private volatile List<Drill> running = List.of();
    private volatile Runnable listener = () -> {};

    /**
     * What drills need of the gateway.
     *
     * @param nanos the clock by which drills end
     * @param chance whether a call is among the first so many of a hundred; of each call anew
     * @param health in which the drills of all calls are recorded
     * @param fresh shared state of which nothing is known yet, with the budgets of the configuration
     * @param arePermitted whether the configuration permits drills
     */
    public record Surroundings(
            LongSupplier nanos,
            IntPredicate chance,
            Supplier<HealthRegistry> health,
            Supplier<SharedState> fresh,
            BooleanSupplier arePermitted) {

        /** With the system's clock and random numbers. */
        public static Surroundings ofSystem(
                Supplier<HealthRegistry> health, Supplier<SharedState> fresh, BooleanSupplier arePermitted) {
            return new Surroundings(
                    System::nanoTime,
                    percent -> percent >= 100 || ThreadLocalRandom.current().nextInt(100) < percent,
                    health,
                    fresh,
                    arePermitted);
        }
    }

    /** Why a drill cannot be started. */
    public enum Refusal {
        NOT_PERMITTED,
        NAME_IN_USE,
        TOO_MANY
    }

    public Drills(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** @param action called on any thread when a drill has started or ended */
    public void onChange(Runnable action) {
        listener = action;
    }

    /** Whether the configuration permits drills. */
    public boolean arePermitted() {
        return surroundings.arePermitted().getAsBoolean();
    }

    /**
     * Starts a drill, for calls that begin from now on.
     *
     * @param rehearsal the address of the rehearsal provider's chat completions
     * @return why it was not started; empty if it was
     */
    public synchronized Optional<Refusal> start(Drill.Order order, URI rehearsal) {
        if (!arePermitted()) {
            return Optional.of(Refusal.NOT_PERMITTED);
        }
        long now = surroundings.nanos().getAsLong();
        endThoseThatAreOver(now);
        if (running.stream().anyMatch(each -> each.order().name().equals(order.name()))) {
            return Optional.of(Refusal.NAME_IN_USE);
        }
        if (running.size() >= MOST_RUNNING) {
            return Optional.of(Refusal.TOO_MANY);
        }
        Drill drill = new Drill(
                order,
                Instant.now(),
                now + order.duration().toNanos(),
                rehearsal,
                surroundings.fresh().get());
        List<Drill> more = new ArrayList<>(running);
        more.add(drill);
        running = List.copyOf(more);
        LOG.warn(
                "drill {} has started: {} at {} for {} of {} calls, until {}",
                order.name(),
                order.fault(),
                order.target(),
                order.percent() + "%",
                order.markedOnly() ? "the marked" : "all",
                drill.ends());
        listener.run();
        return Optional.empty();
    }

    /** Ends a drill; returns it, or empty if none of this name runs. */
    public synchronized Optional<Drill> end(String name, String reason) {
        Optional<Drill> found = running.stream()
                .filter(each -> each.order().name().equals(name))
                .findFirst();
        found.ifPresent(drill -> end(List.of(drill), reason));
        return found;
    }

    /** Ends all drills, as when the gateway stops. */
    public synchronized void endAll(String reason) {
        end(running, reason);
    }

    /** Ends the drills whose time is over. To be called now and then, so that people see it too. */
    public synchronized void endThoseThatAreOver() {
        endThoseThatAreOver(surroundings.nanos().getAsLong());
    }

    private void endThoseThatAreOver(long now) {
        end(running.stream().filter(each -> each.isOver(now)).toList(), "its time was over");
    }

    private void end(List<Drill> drills, String reason) {
        if (drills.isEmpty()) {
            return;
        }
        List<Drill> rest = new ArrayList<>(running);
        rest.removeAll(drills);
        running = List.copyOf(rest);
        for (Drill drill : drills) {
            drill.end(Instant.now(), reason);
            ended.addFirst(drill);
            if (!drill.order().markedOnly()) {
                // What a drill has opened says nothing about the provider.
                drill.targets().forEach(surroundings.health().get()::reset);
            }
            LOG.warn("drill {} has ended: {}", drill.order().name(), reason);
        }
        while (ended.size() > MOST_ENDED) {
            ended.removeLast();
        }
        listener.run();
    }

    /** The drills that run, and then those that have ended, the newest first; a few of them are kept. */
    public synchronized List<Drill> list() {
        endThoseThatAreOver();
        List<Drill> all = new ArrayList<>(running);
        all.addAll(ended);
        return all;
    }

    /** How many run. */
    public int running() {
        return running.size();
    }

    /** Whether one runs that faults calls without a mark, and so what all calls know together. */
    public boolean concernAllCalls() {
        return running.stream().anyMatch(drill -> !drill.order().markedOnly());
    }

    /** The drills as the calls of one event loop meet them. */
    public Loop onLoop(UpstreamTransport transport) {
        return new Loop(this, transport);
    }

    /** @param transport sends requests to the rehearsal provider */
    public record Loop(Drills drills, UpstreamTransport transport) {

        /** Whether any drill runs. */
        public boolean isAnyRunning() {
            return !drills.running.isEmpty();
        }

        /**
         * The part of a call in the drills that run; empty if none concerns it.
         *
         * @param mark the drill that the caller named
         * @param caller the name of the caller's key; empty if none is needed
         */
        public Optional<DrilledCall> of(Optional<String> mark, String caller) {
            long now = drills.surroundings.nanos().getAsLong();
            List<Drill> concerned = drills.running.stream()
                    .filter(drill -> !drill.isOver(now)
                            && drill.concerns(mark, caller)
                            && drills.surroundings.chance().test(drill.order().percent()))
                    .toList();
            return concerned.isEmpty() ? Optional.empty() : Optional.of(new DrilledCall(concerned, this));
        }
    }

    /**
     * A call that drills concern.
     *
     * @param drills for each target the first that concerns it counts
     */
    public record DrilledCall(List<Drill> drills, Loop loop) {

        /**
         * What the call uses, with the faults of its drills.
         *
         * <p>Where one of them is for marked calls only, its calls have health, budgets and latencies of their own, and learn no forms of
         * continuations for others: a call that is not marked is served as if there were no drill.
         */
        public CallResources resources(CallResources usual) {
            UpstreamResources upstream = usual.upstream();
            InjectedFaults faults = (route, api, stream) -> drills.stream()
                    .filter(drill -> drill.concerns(route.target()))
                    .findFirst()
                    .flatMap(drill -> drill.order()
                            .fault()
                            .injected(drill.order().name(), drill.rehearsal(), loop.transport())
                            .at(route, api, stream));
            SharedState shared = drills.stream()
                    .filter(drill -> drill.order().markedOnly())
                    .findFirst()
                    .map(Drill::ownState)
                    .orElse(usual.shared());
            return new CallResources(
                    shared,
                    new UpstreamResources(
                            upstream.loop(),
                            upstream.endpoints().with(faults),
                            new ContinuationForms(),
                            upstream.owners(),
                            upstream.conversations(),
                            upstream.slots(),
                            upstream.work(),
                            upstream.answers()));
        }

        /** The call has ended. */
        public void ended(FinishedCall call) {
            for (Drill drill : drills) {
                drill.count(call);
                if (drill.end().isPresent() && !drill.order().markedOnly()) {
                    // It has failed after the circuits of the drill were closed, and may have opened them again.
                    drill.targets().forEach(loop.drills().surroundings.health().get()::reset);
                }
            }
        }
    }
}
