package dev.understudy.engine;

import dev.understudy.engine.Disposition.Scope;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The circuit breaker of one scope: closed, open for a while (the cooldown), then half open: tried out by one live call at
 * a time.
 *
 * <p>Calls overlap, so reports arrive late and out of order. Each report therefore says when its attempt began, and only
 * what began after the breaker opened is news about it: a success then closes it, a failure then extends it, and a
 * failure that began after the cooldown was over makes the next one longer. What began earlier is old news; without this
 * rule a hundred calls that fail together would drive the cooldown to its cap at once.
 *
 * <p>Guarded by its own lock, held for a few instructions and never across a call out.
 */
final class CircuitBreaker {
    /** After this long an attempt that never reported no longer keeps other attempts out. */
    private static final long TRIAL_LEASE = TimeUnit.SECONDS.toNanos(60);

    /** For how long one failure is enough where the failures that opened a circuit were seen here, and a success elsewhere closed it. */
    private static final long SENSITIVE = TimeUnit.SECONDS.toNanos(60);

    /**
     * After so many attempts in a row that stayed silent for longer than usual, without an answer in between, it is no accident: of a
     * healthy target one in twenty is later than usual.
     */
    private static final int SILENT_IN_A_ROW = 5;

    private int inARow;
    /** How many attempts stayed silent for longer than usual since the last content. */
    private int silentInARow;

    private final SuccessRate rate = new SuccessRate();
    private boolean open;
    /** By how many doublings the next cooldown is longer than the first. */
    private int trips;
    /** How many cooldowns there were since the last success, whatever set their length. */
    private int inSuccession;
    /** When the first of them began. */
    private long outSince;

    /** What began earlier is no news. */
    private long openedAt;

    private long openUntil;
    /** Until then the provider itself asked to be left alone, or its refusal leaves no hope; only where {@code bound}. */
    private long boundUntil;

    private boolean bound;
    /** When it closed last; only where {@code recovered}. */
    private long closedAt;

    private boolean recovered;
    /** Whether {@code openUntil} is what the provider asked for. */
    private boolean hinted;
    /** Models whose requests with this key were refused, with no success in between; two of them make it certain. */
    private String refusedModel = "";

    private boolean refusalIsCertain;
    /** The caller whose request was forbidden last, with no success in between. */
    private String forbiddenCaller = "";

    private FailureKind because = FailureKind.SERVER_ERROR;
    private boolean onTrial;
    private long trialSince;

    /** Whether another replica's news opened it, which no failure here has confirmed. */
    private boolean adopted;
    /** When the attempt began whose failure opened it, or made its cooldown longer. */
    private long newsBegan;
    /** When the attempt began whose success closed it. */
    private long closedBy;

    private final PeerEvidence peers = new PeerEvidence();

    /** What the length of a cooldown is based on. */
    enum Basis {
        /** The policy. */
        POLICY,
        /** An answer that leaves no hope, such as that of an account without money. */
        REFUSAL,
        /** The time that the provider named. */
        HINT;

        /** Whether the target is left alone until then even as a last resort. */
        private boolean isBinding() {
            return this != POLICY;
        }
    }

    /**
     * An open circuit, for other replicas.
     *
     * @param adopted whether others told it
     * @param newsBegan when the attempt began whose failure opened it
     */
    record Opening(
            FailureKind because,
            long until,
            boolean bound,
            long boundUntil,
            boolean hinted,
            int trips,
            boolean adopted,
            long newsBegan) {}

    synchronized Availability availability(long now) {
        if (!open) {
            return Availability.READY;
        }
        if (now - openUntil < 0) {
            return new Availability(
                    Availability.State.COOLING, openUntil, Optional.of(because), bound && now - boundUntil < 0, hinted);
        }
        return onTrial && now - trialSince < TRIAL_LEASE
                ? new Availability(Availability.State.ON_TRIAL, now, Optional.of(because), bound, false)
                : Availability.READY;
    }

    /**
     * Claims the trial, if the cooldown is over and no other attempt has it. The check and the claim are one step, so that one of several
     * threads gets it. The call that gets it begins an attempt at this very time.
     *
     * @return ready if an attempt may begin, whether or not it is a trial
     */
    synchronized Availability claim(long now) {
        Availability availability = availability(now);
        if (open && availability.isReady()) {
            onTrial = true;
            trialSince = now;
        }
        return availability;
    }

    /** Why calls are kept out, or were until just now; empty if it is closed. */
    synchronized Optional<OpenCircuit> outage(Scope scope, long now) {
        if (!open) {
            return Optional.empty();
        }
        Availability availability = availability(now);
        Availability.State state = availability.state();
        long until = state == Availability.State.ON_TRIAL ? trialSince + TRIAL_LEASE : openUntil;
        return Optional.of(
                new OpenCircuit(scope, state, outSince, because, until, inSuccession, availability.binding()));
    }

    /** How long ago it closed, in nanoseconds; empty if it is open, or never was. */
    synchronized OptionalLong closedFor(long now) {
        return recovered && !open ? OptionalLong.of(now - closedAt) : OptionalLong.empty();
    }

    /** Empty if it is closed. */
    synchronized Optional<Opening> opening() {
        return open
                ? Optional.of(new Opening(because, openUntil, bound, boundUntil, hinted, trips, adopted, newsBegan))
                : Optional.empty();
    }

    /** When the attempt began whose success closed it last. */
    synchronized long closedBy() {
        return closedBy;
    }

    /**
     * Another replica's circuit has opened.
     *
     * @param contradicted whether an attempt that began later than the failed one was answered here
     */
    synchronized void openedElsewhere(CircuitNews.Opened news, boolean contradicted, long now) {
        boolean saidByProvider = news.hinted() || news.binding() > 0;
        boolean disproved = contradicted || peers.isDoubted(now);
        if (!open && disproved && !saidByProvider) {
            peers.prime(now, news.remaining());
            return;
        }
        if (news.binding() > 0 && (!bound || now + news.binding() - boundUntil > 0)) {
            bound = true;
            boundUntil = now + news.binding();
            openedAt = now;
        }
        trips = Math.max(trips, news.trips());
        if (open && now + news.remaining() - openUntil <= 0) {
            return;
        }
        if (!open) {
            open = true;
            adopted = true;
            newsBegan = now - news.age();
            // An answer to what began after the failed attempt is later news, although it began before this arrived.
            openedAt = saidByProvider ? now : newsBegan;
            outSince = now;
            inSuccession = 1;
        }
        openUntil = now + news.remaining();
        hinted = news.hinted();
        because = news.because();
    }

    /**
     * Another replica's circuit has closed.
     *
     * @param age nanoseconds since the attempt began that was answered there
     */
    synchronized void closedElsewhere(long age, long now) {
        if (!open || (!adopted && newsBegan - (now - age) > 0)) {
            return;
        }
        boolean failedHere = !adopted;
        close(now);
        if (failedHere) {
            peers.prime(now, SENSITIVE);
        } else {
            peers.doubt(now);
        }
    }

    /** The share of successes of late, from 0 to 1. */
    synchronized double successRate() {
        return rate.smoothed();
    }

    /**
     * An attempt begins; if the cooldown is over, it is the trial.
     *
     * @return whether it is
     */
    synchronized boolean begin(long now) {
        if (open && now - openUntil >= 0) {
            onTrial = true;
            trialSince = now;
            return true;
        }
        return false;
    }

    /**
     * An attempt began to bring content. That closes the circuit, unless it was opened by answers that began well and broke
     * off: a long answer would hold all other calls off until its end.
     */
    synchronized void broughtContent(long startedAt, long now) {
        silentInARow = 0;
        boolean beginningsSayLittle = switch (because) {
            case TRUNCATED, TIMEOUT_IDLE, MALFORMED -> true;
            default -> false;
        };
        if (open && startedAt - openedAt >= 0 && !beginningsSayLittle) {
            closeFor(startedAt, now);
        }
    }

    synchronized void succeeded(long startedAt, long now) {
        inARow = 0;
        silentInARow = 0;
        forbiddenCaller = "";
        refusedModel = "";
        refusalIsCertain = false;
        rate.add(true);
        peers.answered(startedAt);
        if (open && startedAt - openedAt >= 0) {
            closeFor(startedAt, now);
        }
    }

    /** Closes because an attempt that began then was answered. */
    private void closeFor(long startedAt, long now) {
        if (adopted) {
            peers.doubt(startedAt);
        }
        closedBy = startedAt;
        close(now);
    }

    private void close(long now) {
        open = false;
        recovered = true;
        closedAt = now;
        adopted = false;
        bound = false;
        hinted = false;
        onTrial = false;
        inARow = 0;
        trips = 0;
        inSuccession = 0;
        rate.forget();
    }

    /** A request of one caller was forbidden. It counts when another caller's was too, with no success in between. */
    synchronized void forbidden(
            String caller, FailureKind kind, CooldownPolicy policy, long startedAt, long now, RandomGenerator random) {
        boolean another = !forbiddenCaller.isEmpty() && !caller.isEmpty() && !forbiddenCaller.equals(caller);
        if (!caller.isEmpty()) {
            forbiddenCaller = caller;
        }
        if (another) {
            counted(kind, policy, startedAt, now, random);
        }
    }

    /**
     * A model was refused with this key.
     *
     * @param plainly whether the provider said that it is the key's fault; otherwise a second model has to say so too
     */
    synchronized void refused(
            String model, boolean plainly, FailureKind kind, long duration, long startedAt, long now) {
        refusalIsCertain |= !refusedModel.isEmpty() && !refusedModel.equals(model);
        refusedModel = model;
        if (plainly || refusalIsCertain) {
            tripFor(duration, refusalIsCertain ? Basis.REFUSAL : Basis.POLICY, kind, startedAt, now);
        }
    }

    /** One more failure in a row; opens when there are enough of them. */
    synchronized void counted(
            FailureKind kind, CooldownPolicy policy, long startedAt, long now, RandomGenerator random) {
        inARow++;
        rate.add(false);
        if (open || peers.expectsFailure(startedAt) || inARow >= policy.after() || rate.isBelow(policy.successRate())) {
            trip(kind, policy, startedAt, now, random);
        }
    }

    /** Opens at once, for a time that grows with every failed trial. */
    synchronized void trip(FailureKind kind, CooldownPolicy policy, long startedAt, long now, RandomGenerator random) {
        boolean wasOpen = open;
        boolean trialFailed = isOver(startedAt);
        boolean oldNews = wasOpen && startedAt - openedAt < 0;
        endTrial(startedAt);
        if (oldNews) {
            return;
        }
        if (trialFailed) {
            trips++;
        }
        open(cooldown(kind, policy, random), Basis.POLICY, kind, startedAt, now);
    }

    /** Opens at once, for a time that no policy decides. */
    synchronized void tripFor(long duration, Basis basis, FailureKind kind, long startedAt, long now) {
        endTrial(startedAt);
        open(duration, basis, kind, startedAt, now);
    }

    /** An attempt has shown no sign of life for longer than such calls usually take. It continues. */
    synchronized void stayedSilent() {
        silentInARow = Math.min(silentInARow + 1, SILENT_IN_A_ROW);
    }

    /** Whether so many attempts in a row stayed silent that the target does not answer at all. */
    synchronized boolean seemsSilent() {
        return silentInARow >= SILENT_IN_A_ROW;
    }

    /** An attempt ended that says nothing about this scope. */
    synchronized void released(long startedAt) {
        endTrial(startedAt);
    }

    private void endTrial(long startedAt) {
        if (onTrial && startedAt == trialSince) {
            onTrial = false;
        }
    }

    /** Whether what began then began after the cooldown. */
    private boolean isOver(long startedAt) {
        return open && startedAt - openUntil >= 0;
    }

    private void open(long duration, Basis basis, FailureKind kind, long startedAt, long now) {
        long until = now + duration;
        if (basis.isBinding() && (!bound || until - boundUntil > 0)) {
            bound = true;
            boundUntil = until;
            // What began before a hint was given is no news about it.
            openedAt = now;
        }
        adopted = false;
        newsBegan = startedAt;
        peers.overruled();
        if (open && until - openUntil < 0) {
            return;
        }
        if (!open || isOver(startedAt)) {
            inSuccession++;
        }
        if (!open) {
            openedAt = now;
            outSince = now;
        }
        open = true;
        openUntil = until;
        hinted = basis == Basis.HINT;
        because = kind;
    }

    /**
     * {@code base·2ⁿ} up to the cap, less up to a fifth; exact where base and cap leave no room to grow. What fails quickly
     * costs a trial's caller little, and is tried more often.
     */
    private long cooldown(FailureKind kind, CooldownPolicy policy, RandomGenerator random) {
        long cap = Math.min(
                policy.cap().toNanos(),
                kind.isTimeout() ? Long.MAX_VALUE : policy.quickCap().toNanos());
        long full = Growth.doubled(policy.base().toNanos(), trips, cap);
        boolean fixed = policy.base().toNanos() >= cap;
        return fixed || full < 5 ? full : full - random.nextLong(full / 5);
    }
}
