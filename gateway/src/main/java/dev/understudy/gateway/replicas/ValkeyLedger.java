package dev.understudy.gateway.replicas;

import dev.understudy.gateway.quota.SharedLimits;
import io.lettuce.core.ScriptOutputType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The buckets and sums of keys' limits in Valkey, of which replicas lease parts. */
final class ValkeyLedger implements SharedLimits.Ledger {
    private static final ValkeyLink.Script LEASE = new ValkeyLink.Script("lease.lua");
    private static final ValkeyLink.Script SPEND = new ValkeyLink.Script("spend.lua");

    private final ValkeyLink valkey;
    private final String prefix;
    private final ReplicaThread thread;
    private final Consumer<Throwable> onFailure;

    /**
     * @param prefix of all keys in Valkey
     * @param thread on which the outcomes are reported
     * @param onFailure called on the thread when Valkey could not be used
     */
    ValkeyLedger(ValkeyLink valkey, String prefix, ReplicaThread thread, Consumer<Throwable> onFailure) {
        this.valkey = valkey;
        this.prefix = prefix;
        this.thread = thread;
        this.onFailure = onFailure;
    }

    @Override
    public void lease(
            String bucket, int perMinute, long settle, long want, int replicas, SharedLimits.Leased whenDone) {
        valkey.<List<Long>>run(
                        LEASE,
                        ScriptOutputType.MULTI,
                        new String[] {prefix + "limit:" + bucket},
                        Integer.toString(perMinute),
                        Long.toString(settle),
                        Long.toString(want),
                        Integer.toString(replicas))
                .whenComplete((granted, failed) -> thread.execute(() -> {
                    if (failed == null) {
                        whenDone.granted(granted.get(0), granted.get(1) / 1_000.0, System.nanoTime());
                    } else {
                        whenDone.failed();
                        onFailure.accept(failed);
                    }
                }));
    }

    @Override
    public void spend(String account, long amount, long known, int days, SharedLimits.Spent whenDone) {
        valkey.<String>run(
                        SPEND,
                        ScriptOutputType.VALUE,
                        new String[] {prefix + "spent:" + account},
                        Long.toString(amount),
                        Long.toString(known),
                        Long.toString(TimeUnit.DAYS.toSeconds(days)))
                .whenComplete((total, failed) -> thread.execute(() -> {
                    if (failed == null) {
                        whenDone.total(Long.parseLong(total));
                    } else {
                        whenDone.failed();
                        onFailure.accept(failed);
                    }
                }));
    }
}
