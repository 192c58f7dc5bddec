package dev.understudy.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps retries a small part of the traffic, so that a target in trouble is not hammered by every call at once.
 *
 * <p>One token bucket per target: a transient failure takes a token, a success gives a fraction of one back, and retries are
 * allowed while the bucket is more than half full. A second bucket per provider takes a share of each failure that its
 * target's own bucket could pay, so that one model in trouble takes no retries from the provider's others, while failures of
 * several models stop the retries of all of them.
 *
 * <p>Calls with a caller's own key neither pay nor are paid for. Safe for use by many threads.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs">gRPC
 *     proposal A6, throttling</a>
 */
public final class RetryBudget {
    /** Room for fifty failures in a row before retries stop: enough for a blip, too little for a storm. */
    private static final double FULL = 100;
    /** One target's whole bucket costs its provider a quarter of its own, and half would stop the retries of all. */
    private static final double SHARE = 0.25;

    private static final int MOST = 10_000;

    private final double gainPerSuccess;
    private final BoundedCache<Target, Bucket> targets;
    private final BoundedCache<String, Bucket> providers;

    /** @param ratio how many retries per success are sustainable: 0.1 for ten percent; 0 turns retries off for good once half the bucket is spent */
    public RetryBudget(double ratio) {
        this(ratio, new BoundedCache<>(MOST), new BoundedCache<>(MOST));
    }

    private RetryBudget(double ratio, BoundedCache<Target, Bucket> targets, BoundedCache<String, Bucket> providers) {
        if (!(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("a retry budget is a share from 0 to 1, not " + ratio);
        }
        this.gainPerSuccess = ratio;
        this.targets = targets;
        this.providers = providers;
    }

    /** The same buckets with another ratio, for settings that change while calls run. */
    public RetryBudget withRatio(double ratio) {
        return new RetryBudget(ratio, targets, providers);
    }

    /** The usual ten percent. */
    public static RetryBudget ofDefaults() {
        return new RetryBudget(0.1);
    }

    boolean allows(Target target) {
        return target.callersKey()
                || (targets.get(target).map(Bucket::isMoreThanHalfFull).orElse(true)
                        && providers
                                .get(target.site())
                                .map(Bucket::isMoreThanHalfFull)
                                .orElse(true));
    }

    void failed(Target target) {
        if (!target.callersKey()) {
            pay(target, 1);
            targets.get(target).ifPresent(Bucket::countFailure);
        }
    }

    void succeeded(Target target) {
        if (!target.callersKey()) {
            targets.get(target).ifPresent(Bucket::countSuccess);
            earn(target, 1);
        }
    }

    private void pay(Target target, double failures) {
        double paid = targets.computeIfAbsent(target, name -> new Bucket()).take(failures);
        providers.computeIfAbsent(target.site(), name -> new Bucket()).take(paid * SHARE);
    }

    private void earn(Target target, double successes) {
        targets.get(target).ifPresent(bucket -> bucket.give(successes * gainPerSuccess));
        providers.get(target.site()).ifPresent(bucket -> bucket.give(successes * gainPerSuccess));
    }

    /**
     * What changed the budget of a target within a time.
     *
     * @param failures transient ones, each of which takes a token
     * @param successes each of which gives a fraction of one back
     */
    public record Use(Target target, long failures, long successes) {}

    /** What has changed the budgets here since it was called last, for other replicas. */
    public List<Use> use() {
        List<Use> uses = new ArrayList<>();
        targets.forEach((target, bucket) -> bucket.use(target).ifPresent(uses::add));
        return uses;
    }

    /** Another replica has told this: it counts as if it had happened here, but is not told again. */
    public void usedElsewhere(Use use) {
        if (!use.target().callersKey()) {
            if (use.failures() > 0) {
                pay(use.target(), (double) use.failures());
            }
            if (use.successes() > 0) {
                earn(use.target(), (double) use.successes());
            }
        }
    }

    private static final class Bucket {
        private double tokens = FULL;
        private long failures;
        private long successes;

        synchronized void countFailure() {
            failures++;
        }

        /** Of a full bucket successes change nothing, and are not worth telling. */
        synchronized void countSuccess() {
            if (tokens < FULL) {
                successes++;
            }
        }

        /** What was counted since it was called last, if anything. */
        synchronized Optional<Use> use(Target target) {
            if (failures == 0 && successes == 0) {
                return Optional.empty();
            }
            Use use = new Use(target, failures, successes);
            failures = 0;
            successes = 0;
            return Optional.of(use);
        }

        /** @return how much there was to take of it */
        synchronized double take(double amount) {
            double taken = Math.min(tokens, amount);
            tokens -= taken;
            return taken;
        }

        synchronized void give(double amount) {
            tokens = Math.min(FULL, tokens + amount);
        }

        synchronized boolean isMoreThanHalfFull() {
            return tokens > FULL / 2;
        }
    }
}
