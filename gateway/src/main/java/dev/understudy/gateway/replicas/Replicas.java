package dev.understudy.gateway.replicas;

import dev.understudy.calls.FutureCause;
import dev.understudy.calls.config.ReplicaSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.engine.CircuitNews;
import dev.understudy.engine.HealthExchange;
import dev.understudy.engine.HedgingBudget;
import dev.understudy.engine.RetryBudget;
import dev.understudy.engine.SharedState;
import dev.understudy.gateway.quota.SharedLimits;
import io.lettuce.core.ScriptOutputType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this gateway shares with other replicas through Valkey: circuits, budgets, and the limits of keys.
 *
 * <p>One thread does all of it, beside the calls: ten times a second it tells what has opened and closed, four times a second how
 * budgets were used, and whenever a key's lease runs low it obtains another. What others tell is applied to what calls know
 * together. Nothing of a call waits for it, and when Valkey is slow, full or lost, each replica decides by what it knows itself.
 *
 * <p>Circuits that are open are also remembered in Valkey until their cooldowns end, for replicas that start later or were cut off.
 *
 * <p>Several gateways with one Valkey share if they have the same {@code replicas.prefix}. Accounts of providers are told apart by
 * {@link Accounts}, keys of callers by their names and digests.
 */
public final class Replicas {
    private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);

    private static final long CIRCUITS_MILLIS = 100;
    private static final long BUDGETS_MILLIS = 250;
    private static final long PRESENCE_MILLIS = 500;
    /** After this long without an answer Valkey counts as lost. */
    private static final long LOST = TimeUnit.SECONDS.toNanos(2);
    /** After this long without an own message, the subscription counts as broken, though commands are answered. */
    private static final long NO_NEWS = TimeUnit.SECONDS.toNanos(6);

    private static final long BETWEEN_LOG_LINES = TimeUnit.MINUTES.toNanos(1);
    /** Messages of others that wait to be applied; of more, those that come last are dropped. */
    private static final int MOST_WAITING = 1_000;
    /** Circuits that a replica learns when it connects. */
    private static final int MOST_RECALLED = 1_000;

    /** Apart, so that a gateway that shares nothing loads neither them nor the client. */
    private static final class Scripts {
        static final ValkeyLink.Script REMEMBER = new ValkeyLink.Script("remember.lua");
        static final ValkeyLink.Script RECALL = new ValkeyLink.Script("recall.lua");
        static final ValkeyLink.Script PRESENT = new ValkeyLink.Script("present.lua");
    }

    private final String prefix;
    private final String me;
    private final long seed;
    private final ValkeyLink valkey;
    private final SharedLimits limits = new SharedLimits(this::wake);
    private final ValkeyLedger ledger;
    private final AtomicLong dropped = new AtomicLong();
    private final ReplicaThread thread = new ReplicaThread(dropped::incrementAndGet);
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();

    private volatile boolean connected;
    private volatile int known = 1;
    private volatile long lag = -1;

    /** What follows belongs to the thread. */
    private Supplier<Settings> settings = () -> {
        throw new IllegalStateException("not started");
    };

    private Supplier<SharedState> shared = () -> {
        throw new IllegalStateException("not started");
    };

    private BooleanSupplier drilling = () -> false;
    private Optional<HealthExchange> health = Optional.empty();
    private Optional<Accounts> accounts = Optional.empty();
    private boolean opening;
    private long answeredAt;
    private long receivedAt;
    private long loggedAt;
    private boolean lossLogged;
    private boolean everConnected;

    private Replicas(ReplicaSettings settings, String url) {
        UUID id = UUID.randomUUID();
        this.me = id.toString();
        this.seed = id.getLeastSignificantBits() ^ id.getMostSignificantBits();
        this.prefix = settings.prefix() + ":";
        this.valkey = new ValkeyLink(url, prefix + "news", this::received);
        this.ledger = new ValkeyLedger(valkey, prefix, thread, this::lost);
    }

    /** Empty if the settings name no Valkey. Nothing happens before {@link #start}. */
    public static Optional<Replicas> of(ReplicaSettings settings) {
        return settings.valkey().map(url -> new Replicas(settings, url));
    }

    /** The limits of keys that replicas share. */
    public SharedLimits limits() {
        return limits;
    }

    /**
     * Begins to share.
     *
     * @param inForce the settings that are in force
     * @param together what calls know together
     * @param drill whether failures are injected here, which other replicas must not be told
     */
    public void start(Supplier<Settings> inForce, Supplier<SharedState> together, BooleanSupplier drill) {
        thread.execute(() -> {
            settings = inForce;
            shared = together;
            drilling = drill;
            health = Optional.of(new HealthExchange(together.get().health(), seed));
            long now = System.nanoTime();
            receivedAt = now;
            loggedAt = now - BETWEEN_LOG_LINES;
        });
        thread.every(PRESENCE_MILLIS, this::bePresent);
        thread.every(CIRCUITS_MILLIS, this::tellCircuits);
        thread.every(BUDGETS_MILLIS, this::tellBudgets);
    }

    /** How this gateway stands with its replicas. */
    public ReplicaStatus status() {
        return new ReplicaStatus(
                connected,
                known,
                lag < 0 ? OptionalLong.empty() : OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(lag)),
                dropped.get());
    }

    /** Leaves the replicas, and closes everything. */
    public CompletionStage<Void> close() {
        thread.close();
        connected = false;
        limits.connected(false, known);
        return present(false).handle((count, failed) -> failed == null).thenCompose(left -> valkey.close());
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            thread.execute(() -> {
                woken.set(false);
                if (connected) {
                    limits.exchangeDue(ledger, System.nanoTime());
                }
            });
        }
    }

    // Connections

    private void bePresent() {
        long now = System.nanoTime();
        if (connected && now - answeredAt > LOST) {
            lost("no answer");
        }
        if (connected && now - receivedAt > NO_NEWS) {
            valkey.drop();
            lost("no news");
        }
        if (!valkey.isOpen()) {
            open();
            return;
        }
        present(true)
                .whenComplete((count, failed) -> thread.execute(() -> {
                    if (failed == null) {
                        answered(count.intValue());
                    } else {
                        lost(failed);
                    }
                }));
        send(ReplicaMessage.ofCircuits(me, List.of()));
    }

    private void open() {
        if (opening) {
            return;
        }
        opening = true;
        receivedAt = System.nanoTime();
        valkey.open()
                .whenComplete((done, failed) -> thread.execute(() -> {
                    opening = false;
                    if (failed == null) {
                        bePresent();
                    } else {
                        lost(failed);
                    }
                }));
    }

    private CompletionStage<Long> present(boolean there) {
        return valkey.run(
                Scripts.PRESENT, ScriptOutputType.INTEGER, new String[] {prefix + "replicas"}, me, there ? "1" : "0");
    }

    private void answered(int count) {
        long now = System.nanoTime();
        answeredAt = now;
        known = count;
        if (!connected) {
            connected = true;
            if (!everConnected || lossLogged) {
                LOG.info("replicas: connected to {}, {} present", valkey.where(), count);
            }
            everConnected = true;
            lossLogged = false;
            limits.connected(true, count);
            recall();
            tell(drilling.getAsBoolean() ? List.of() : health.orElseThrow().all(now));
        } else {
            limits.connected(true, count);
        }
    }

    private void lost(Throwable failed) {
        lost(FutureCause.text(failed));
    }

    private void lost(String why) {
        long now = System.nanoTime();
        if ((connected || !everConnected) && now - loggedAt >= BETWEEN_LOG_LINES) {
            loggedAt = now;
            lossLogged = true;
            LOG.warn(
                    "replicas: no connection to {} ({}); calls go on, and each replica decides by what it knows itself",
                    valkey.where(),
                    why);
        }
        connected = false;
        limits.connected(false, known);
    }

    // News

    private Accounts accounts() {
        Settings current = settings.get();
        if (accounts.isEmpty() || !accounts.get().areOf(current)) {
            accounts = Optional.of(new Accounts(current));
        }
        return accounts.get();
    }

    private void tellCircuits() {
        // What changes without a connection is compared too, so that it is not taken for news later.
        List<CircuitNews> news = health.orElseThrow().news(System.nanoTime());
        if (connected) {
            boolean invented = drilling.getAsBoolean();
            tell(news.stream()
                    .filter(each -> !invented || each instanceof CircuitNews.Closed)
                    .toList());
        }
    }

    private void tell(List<CircuitNews> news) {
        for (int from = 0; from < news.size(); from += ReplicaMessage.MOST_ENTRIES) {
            List<CircuitNews> part = news.subList(from, Math.min(news.size(), from + ReplicaMessage.MOST_ENTRIES));
            send(ReplicaMessage.ofCircuits(me, part));
            remember(part);
        }
    }

    private void remember(List<CircuitNews> news) {
        List<String> arguments = new ArrayList<>();
        for (CircuitNews each : news) {
            long remaining =
                    each instanceof CircuitNews.Opened opened ? TimeUnit.NANOSECONDS.toMillis(opened.remaining()) : 0;
            accounts().of(each.circuit()).ifPresent(account -> {
                arguments.add(account + " " + each.circuit());
                arguments.add(Long.toString(remaining));
                arguments.add(ReplicaMessage.ofCircuits(me, List.of(each)).json(accounts()));
            });
        }
        if (!arguments.isEmpty()) {
            countFailure(valkey.<Long>run(
                    Scripts.REMEMBER, ScriptOutputType.INTEGER, circuitKeys(), arguments.toArray(String[]::new)));
        }
    }

    private String[] circuitKeys() {
        return new String[] {prefix + "circuits", prefix + "circuits:news"};
    }

    private void recall() {
        valkey.<List<String>>run(Scripts.RECALL, ScriptOutputType.MULTI, circuitKeys(), Integer.toString(MOST_RECALLED))
                .whenComplete((found, failed) -> thread.execute(() -> {
                    if (failed != null) {
                        dropped.incrementAndGet();
                        return;
                    }
                    for (int i = 0; i + 1 < found.size(); i += 2) {
                        long millis = Long.parseLong(found.get(i));
                        ReplicaMessage.read(found.get(i + 1), accounts())
                                .filter(message -> !message.from().equals(me))
                                .ifPresent(message -> message.circuits().forEach(news -> applyRecalled(news, millis)));
                    }
                }));
    }

    /** What has passed since it was told makes the rest of the cooldown shorter, and the news older. */
    private void applyRecalled(CircuitNews news, long millis) {
        if (news instanceof CircuitNews.Opened opened) {
            long remaining = TimeUnit.MILLISECONDS.toNanos(millis);
            long passed = Math.max(0, opened.remaining() - remaining);
            health.orElseThrow()
                    .apply(
                            new CircuitNews.Opened(
                                    opened.circuit(),
                                    opened.because(),
                                    remaining,
                                    Math.max(0, opened.binding() - passed),
                                    opened.hinted(),
                                    opened.trips(),
                                    opened.age() + passed),
                            System.nanoTime());
        }
    }

    private void tellBudgets() {
        SharedState state = shared.get();
        List<RetryBudget.Use> retries = state.retries().use();
        HedgingBudget.Use hedges = state.hedges().use();
        if (!connected) {
            return;
        }
        if (drilling.getAsBoolean()) {
            retries = List.of();
        }
        List<SharedLimits.Left> left = limits.exchange(ledger, System.nanoTime(), Instant.now());
        int most = Math.max(retries.size(), left.size());
        for (int from = 0; from == 0 || from < most; from += ReplicaMessage.MOST_ENTRIES) {
            ReplicaMessage message = ReplicaMessage.ofUse(
                    me, part(retries, from), from == 0 ? hedges : new HedgingBudget.Use(0, 0), part(left, from));
            if (!message.isEmpty()) {
                send(message);
            }
        }
    }

    private static <T> List<T> part(List<T> all, int from) {
        return all.subList(Math.min(all.size(), from), Math.min(all.size(), from + ReplicaMessage.MOST_ENTRIES));
    }

    private void send(ReplicaMessage message) {
        countFailure(valkey.publish(message.json(accounts())));
    }

    private void countFailure(CompletionStage<Long> sent) {
        sent.whenComplete((done, failed) -> {
            if (failed != null) {
                dropped.incrementAndGet();
            }
        });
    }

    /** On a thread of the client. */
    private void received(String text) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        long now = System.nanoTime();
        thread.execute(() -> {
            waiting.decrementAndGet();
            Optional<ReplicaMessage> message = ReplicaMessage.read(text, accounts());
            if (message.isEmpty()) {
                dropped.incrementAndGet();
            } else if (message.get().from().equals(me)) {
                receivedAt = now;
                lag = Math.max(0, now - message.get().sentAt());
            } else {
                apply(message.get());
            }
        });
    }

    private void apply(ReplicaMessage message) {
        long now = System.nanoTime();
        SharedState state = shared.get();
        message.circuits().forEach(news -> health.orElseThrow().apply(news, now));
        message.retries().forEach(state.retries()::usedElsewhere);
        state.hedges().usedElsewhere(message.hedges());
        message.limits().forEach(left -> limits.told(left, now));
    }
}
