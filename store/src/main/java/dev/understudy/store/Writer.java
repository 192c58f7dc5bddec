package dev.understudy.store;

import dev.understudy.store.WritingConnection.Work;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to the database, and the queue before it.
 *
 * <p>Records of calls are written in batches: one transaction for what arrives in {@value #GATHER_MS} ms. The thread that adds a record
 * pays for a counter, a queue without locks, and, for the first of a batch, a wake-up. Changes of the settings, and contents of calls, have their own
 * transactions, between the batches. Deleting what is too old or too much is done a slice at a time, after a batch.
 *
 * <p>The thread takes at most a twenty-fifth of one processor for calls, which is enough for some thousands a second: under a load that needs all
 * processors they belong to the calls. What comes faster for long is dropped.
 *
 * <p>When the database fails, the batch is kept and tried again with growing pauses, each time on a new connection, while the queue
 * fills; what finds it full is dropped. A batch whose transaction may have been committed when the connection was lost is looked up
 * before it is written again. When the database stalls, this thread alone waits for it.
 */
final class Writer implements AutoCloseable {
    static final int BATCH = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private static final int GATHER_MS = 200;
    private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(GATHER_MS);
    /** For each nanosecond of the processor that a batch took, the thread rests so long. */
    private static final long REST = 24;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(5);

    /** Between two slices that are deleted while there is nothing to write. */
    private static final long SLICE_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long AGE_CHECK = TimeUnit.MINUTES.toNanos(1);
    private static final long STALLED = TimeUnit.SECONDS.toNanos(5);

    static final Duration OPENING = Duration.ofSeconds(10);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** What is wrong, and since when; an empty message if nothing is. */
    private record Health(String message, Optional<Instant> since) {
        static final Health GOOD = new Health("", Optional.empty());
    }

    private final Database database;
    private final StoreOptions options;
    private final InstantSource clock;
    private final WritingConnection connection;
    private final Thread thread;
    private final CountDownLatch firstAttempt = new CountDownLatch(1);

    private final Queue<Supplier<CallRecord>> queue = new ConcurrentLinkedQueue<>();
    private final ContentsTable contents = new ContentsTable();
    private final Changes changes = new Changes();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong deleteBefore = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger hurried = new AtomicInteger();
    private final Object progress = new Object();
    private long finished;

    private volatile boolean closing;
    private volatile Health health = Health.GOOD;
    private volatile long kept;

    /** When the present access to the database began, by the monotonic clock; 0 between two. */
    private volatile long busySince;

    // The rest belongs to the thread.
    private final List<CallRecord> batch = new ArrayList<>(BATCH);

    /** How many calls at the head of the batch were in a transaction whose commit was not confirmed. */
    private int uncertain;

    private long tooOld = Long.MIN_VALUE;
    private long contentsTooOld = Long.MIN_VALUE;
    private boolean moreToDelete;
    private boolean moreContentsToDelete;
    private long nextAgeCheck = System.nanoTime();
    private long retryAt = System.nanoTime();
    private long restsUntil = System.nanoTime();
    private long backoff;

    Writer(Database database, StoreOptions options, InstantSource clock) {
        this.database = database;
        this.options = options;
        this.clock = clock;
        connection = new WritingConnection(database);
        thread = Thread.ofPlatform().name("understudy-store").daemon().unstarted(this::run);
    }

    /** Starts the thread, and waits until it has tried to open the database. */
    void start() {
        thread.start();
        try {
            if (!firstAttempt.await(OPENING.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("{}: still being opened; calls are recorded as soon as it is", database);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void add(Supplier<CallRecord> call) {
        int position = waiting.incrementAndGet();
        if (position > options.queue() || closing) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        accepted.incrementAndGet();
        queue.add(call);
        if (position == 1 || position == BATCH) {
            LockSupport.unpark(thread);
        }
    }

    void add(CallContents.Content content, Runnable released) {
        if (closing) {
            contents.drop(released);
            return;
        }
        accepted.incrementAndGet();
        int position = contents.add(content, released);
        if (position == 0) {
            noLongerAwaited(1);
        } else if (position == 1) {
            LockSupport.unpark(thread);
        }
    }

    ContentsTable contents() {
        return contents;
    }

    void deleteOlderThan(Instant time) {
        deleteBefore.accumulateAndGet(time.toEpochMilli(), Math::max);
        LockSupport.unpark(thread);
    }

    long dropped() {
        return dropped.get();
    }

    boolean awaitWritten(Duration longest) throws InterruptedException {
        long target = accepted.get();
        long end = System.nanoTime() + longest.toNanos();
        hurried.incrementAndGet();
        LockSupport.unpark(thread);
        try {
            synchronized (progress) {
                while (finished < target) {
                    long rest = end - System.nanoTime();
                    if (rest <= 0) {
                        return false;
                    }
                    TimeUnit.NANOSECONDS.timedWait(progress, rest);
                }
            }
            return true;
        } finally {
            hurried.decrementAndGet();
        }
    }

    /** See {@link Changes#inTransaction}. */
    <T> T inDurableTransaction(Work<T> work) throws StoreUnavailable {
        return changes.inTransaction(work, () -> LockSupport.unpark(thread));
    }

    StoreStatus status() {
        Health now = health;
        long busy = busySince;
        String message = now.message();
        Optional<Instant> since = now.since();
        long stalled = busy == 0 ? 0 : System.nanoTime() - busy;
        if (message.isEmpty() && stalled > STALLED) {
            message = database + ": no answer for " + TimeUnit.NANOSECONDS.toSeconds(stalled) + " s";
            since = Optional.of(clock.instant().minusNanos(stalled));
        } else if (message.isEmpty() && !connection.isOpened()) {
            message = database + ": is being opened";
            since = Optional.of(clock.instant());
        }
        return new StoreStatus(
                message.isEmpty(), message, since, kept, dropped.get(), waiting.get(), connection.recovery());
    }

    /** What is wrong if the database has not been opened yet; empty if it has. */
    String obstacle() {
        return connection.isOpened() ? "" : status().message();
    }

    private void run() {
        try {
            step();
            firstAttempt.countDown();
            while (!closing
                    || ((waiting.get() > 0 || contents.waiting() > 0 || !changes.isEmpty())
                            && health.message().isEmpty())) {
                pause();
                changeSettings();
                if (System.nanoTime() - retryAt >= 0) {
                    step();
                }
            }
        } catch (Throwable unexpected) {
            unavailable("the writer has ended: " + unexpected);
            LOG.error("{}: the writer has ended; calls are no longer recorded until a restart", database, unexpected);
            throw unexpected;
        } finally {
            closing = true;
            firstAttempt.countDown();
            changes.close();
            connection.close();
            int lost = waiting.get();
            dropped.addAndGet(lost);
            waiting.addAndGet(-lost);
            noLongerAwaited(lost + contents.dropAll());
        }
    }

    /** Waits for something to do, then for more of it to be done at once. */
    private void pause() {
        boolean deletes = moreToDelete || moreContentsToDelete;
        if (deletes && isIdle()) {
            LockSupport.parkNanos(this, SLICE_PAUSE);
        }
        while (!deletes && isIdle()) {
            LockSupport.parkNanos(this, nextAgeCheck - System.nanoTime());
        }
        waitUntil(System.nanoTime() + GATHER, () -> hurried.get() == 0 && waiting.get() > 0 && waiting.get() < BATCH);
        waitUntil(restsUntil, () -> hurried.get() == 0);
        waitUntil(retryAt, () -> true);
    }

    private void waitUntil(long time, BooleanSupplier condition) {
        while (isPatient() && condition.getAsBoolean() && time - System.nanoTime() > 0) {
            LockSupport.parkNanos(this, time - System.nanoTime());
        }
    }

    private boolean isPatient() {
        return !closing && changes.isEmpty();
    }

    private boolean isIdle() {
        return isPatient()
                && waiting.get() == 0
                && contents.waiting() == 0
                && deleteBefore.get() == Long.MIN_VALUE
                && nextAgeCheck - System.nanoTime() > 0
                && health.message().isEmpty();
    }

    /** One batch, and one slice to delete. */
    private void step() {
        long began = System.nanoTime();
        long processorBefore = THREADS.getCurrentThreadCpuTime();
        busySince = began;
        try {
            Connection open = connection.open();
            for (CallRecord next = poll(); next != null; next = poll()) {
                batch.add(next);
                if (batch.size() % CallWriter.PORTION == 0) {
                    CallWriter.yieldProcessor();
                }
            }
            if (!batch.isEmpty()) {
                write(open);
            }
            writeContents();
            delete();
            kept = CallWriter.kept(open);
            available();
        } catch (SQLException | IOException | RuntimeException | LinkageError failed) {
            failed(failed);
        } finally {
            busySince = 0;
            // Both are -1 on a JVM that does not measure it.
            long processor = THREADS.getCurrentThreadCpuTime() - processorBefore;
            restsUntil = began + processor * (1 + REST);
        }
    }

    private @Nullable CallRecord poll() {
        while (batch.size() < BATCH) {
            Supplier<CallRecord> next = queue.poll();
            if (next == null) {
                return null;
            }
            try {
                return next.get();
            } catch (RuntimeException fault) {
                LOG.error("a call is not recorded", fault);
                dropped.incrementAndGet();
                done(1);
            }
        }
        return null;
    }

    private void write(Connection open) throws SQLException, IOException {
        if (uncertain > 0 && CallWriter.contains(open, batch.getFirst())) {
            written(uncertain);
        }
        uncertain = batch.size();
        try {
            connection.inTransaction(false, each -> {
                CallWriter.insert(each, batch);
                return uncertain;
            });
            written(uncertain);
        } catch (SQLException | RuntimeException failed) {
            if (!concernsValues(failed)) {
                throw failed;
            }
            LOG.warn("{}; the calls of the batch are written one by one", describe(failed));
            writeOneByOne();
        }
    }

    private void writeOneByOne() throws SQLException, IOException {
        while (!batch.isEmpty()) {
            List<CallRecord> call = List.of(batch.getFirst());
            uncertain = call.size();
            try {
                connection.inTransaction(false, each -> {
                    CallWriter.insert(each, call);
                    return uncertain;
                });
            } catch (SQLException | RuntimeException failed) {
                if (!concernsValues(failed)) {
                    throw failed;
                }
                dropped.incrementAndGet();
                LOG.warn(
                        "{}; call {} is not recorded",
                        describe(failed),
                        call.getFirst().id());
            }
            written(uncertain);
        }
    }

    private void writeContents() throws SQLException, IOException {
        List<CallContents.Content> next = contents.nextBatch();
        if (next.isEmpty()) {
            return;
        }
        try {
            writeContents(next);
        } catch (SQLException | RuntimeException failed) {
            if (!concernsValues(failed)) {
                throw failed;
            }
            LOG.warn("{}; the contents of calls are written one by one", describe(failed));
            for (CallContents.Content each : next) {
                writeContentsAlone(each);
            }
        }
    }

    private void writeContents(List<CallContents.Content> some) throws SQLException, IOException {
        connection.inTransaction(false, each -> {
            ContentsTable.insert(each, some);
            return some.size();
        });
        contents.done(some.size(), true);
        noLongerAwaited(some.size());
        moreContentsToDelete = true;
    }

    private void writeContentsAlone(CallContents.Content one) throws SQLException, IOException {
        try {
            writeContents(List.of(one));
        } catch (SQLException | RuntimeException failed) {
            if (!concernsValues(failed)) {
                throw failed;
            }
            LOG.warn("{}; the contents of call {} are not kept", describe(failed), one.id());
            contents.done(1, false);
            noLongerAwaited(1);
        }
    }

    /** Whether other calls could be written: one that cannot be must not hold them up for ever. */
    private boolean concernsValues(Exception failure) {
        return !(failure instanceof SQLException sql) || database.rejectsValues(sql);
    }

    private String describe(Throwable failure) {
        return failure instanceof SQLException sql ? database.describe(sql) : database + ": " + failure;
    }

    private void written(int calls) {
        batch.subList(0, calls).clear();
        uncertain = 0;
        done(calls);
    }

    private void done(int calls) {
        waiting.addAndGet(-calls);
        noLongerAwaited(calls);
    }

    private void noLongerAwaited(int count) {
        synchronized (progress) {
            finished += count;
            progress.notifyAll();
        }
    }

    private void delete() throws SQLException, IOException {
        boolean due = nextAgeCheck - System.nanoTime() <= 0;
        tooOld = Math.max(tooOld, deleteBefore.getAndSet(Long.MIN_VALUE));
        if (due) {
            nextAgeCheck = System.nanoTime() + AGE_CHECK;
            Instant now = clock.instant();
            tooOld = Math.max(tooOld, now.minus(options.keepFor()).toEpochMilli());
            contentsTooOld = Math.max(
                    contentsTooOld, now.minus(options.contents().duration()).toEpochMilli());
            moreContentsToDelete = true;
        }
        if (tooOld > contentsTooOld) {
            // Contents do not outlast the records of their calls.
            contentsTooOld = tooOld;
            moreContentsToDelete = true;
        }
        if (tooOld != Long.MIN_VALUE || kept > options.keepCalls()) {
            long before = tooOld;
            moreToDelete =
                    connection.inTransaction(false, each -> CallWriter.deleteSlice(each, before, options.keepCalls()));
            tooOld = moreToDelete ? tooOld : Long.MIN_VALUE;
        }
        if (moreContentsToDelete) {
            long before = contentsTooOld;
            moreContentsToDelete = connection.inTransaction(
                    false,
                    each -> ContentsTable.deleteSlice(
                            each, before, options.contents().calls()));
        }
    }

    private void changeSettings() {
        if (!changes.isEmpty()) {
            busySince = System.nanoTime();
            changes.carryOut(connection, this::failed);
            busySince = 0;
        }
    }

    private void available() {
        if (!health.message().isEmpty()) {
            LOG.info("{}: available again; {} records of calls were dropped since the start", database, dropped);
            health = Health.GOOD;
        }
        backoff = 0;
    }

    /** Returns what went wrong. */
    private String failed(Throwable failure) {
        connection.close();
        String message = describe(failure);
        if (unavailable(message)) {
            LOG.warn("{}; calls are not affected, and are recorded again when the store is available", message);
            LOG.debug("{}", database, failure);
        }
        backoff = Math.clamp(backoff * 2, FIRST_PAUSE, LONGEST_PAUSE);
        retryAt = System.nanoTime() + backoff;
        return message;
    }

    /** Returns whether it was available before. */
    private boolean unavailable(String message) {
        Optional<Instant> since = health.since();
        health = new Health(message, Optional.of(since.orElseGet(clock::instant)));
        return since.isEmpty();
    }

    /** Writes what waits. A writer that is stalled is left alone after five seconds: its thread does not keep the process running. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(CLOSING)) {
                LOG.warn("{}: not closed, because it does not answer; {} records of calls are lost", database, waiting);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
