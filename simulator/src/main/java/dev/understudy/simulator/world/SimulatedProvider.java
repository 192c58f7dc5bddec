package dev.understudy.simulator.world;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.FailureKind;
import dev.understudy.simulator.world.Fate.Happening;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** A provider: what becomes of each request to it, at the time at which it is made. */
public final class SimulatedProvider {
    /** The share of continuation requests whose form the model refuses. */
    private static final double REFUSE_TO_CONTINUE = 0.1;

    private static final int STATUS_OF_REFUSAL = 403;

    private final ProviderProfile settings;
    private final Weather weather;
    private final Optional<TokenBucket> bucket;
    private final long seed;

    public SimulatedProvider(ProviderProfile settings, Weather weather, long seed) {
        this.settings = settings;
        this.weather = weather;
        this.bucket = settings.limit().map(TokenBucket::new);
        this.seed = seed;
    }

    public Weather weather() {
        return weather;
    }

    /** What becomes of a request; takes from the provider's bucket. */
    public Fate fateOf(SimulatedRequest request, long now) {
        boolean outage = isDown(now);
        boolean limited = !outage && bucket.isPresent() && !bucket.get().take(now);
        return fate(request, now, limited);
    }

    /** What would become of a request, as only an oracle can know. */
    public Fate foresee(SimulatedRequest request, long now) {
        return fate(request, now, bucket.isPresent() && !bucket.get().has(now));
    }

    private boolean isDown(long now) {
        return weather.at(now)
                .filter(spell -> spell.state() == Spell.State.DOWN)
                .isPresent();
    }

    private Fate fate(SimulatedRequest request, long now, boolean limited) {
        SplittableRandom random = Draws.of(seed, request.target(), request.call(), request.nth());
        Optional<Spell> spell = weather.at(now);
        FateWriter fate = new FateWriter(now, random);
        if (spell.isPresent() && spell.get().state() == Spell.State.DOWN) {
            return down(spell.get().symptom(), fate);
        }
        if (limited) {
            long wait = bucket.orElseThrow().untilNext(now);
            boolean hint = settings.limit().orElseThrow().hint();
            return fate.connected()
                    .fails(FailureKind.RATE_LIMITED, 429, hint ? OptionalLong.of(wait) : OptionalLong.empty());
        }
        if (request.callersFault().isPresent()) {
            fate.connected();
            if (random.nextBoolean()) {
                // A content filter may delay the text.
                fate.after(settings.firstToken().nanos(random));
            }
            return fate.fails(request.callersFault().get());
        }
        Optional<FailureKind> refused = settings.model(request.model()).refused();
        if (refused.isPresent()) {
            return fate.connected().fails(refused.get(), STATUS_OF_REFUSAL, OptionalLong.empty());
        }
        if (request.attemptKind() == AttemptKind.CONTINUATION
                && request.nth() == 0
                && random.nextDouble() < REFUSE_TO_CONTINUE) {
            return fate.connected().fails(FailureKind.CONTINUATION_REFUSED, 400, OptionalLong.empty());
        }
        double slower = 1;
        if (spell.isPresent()) {
            Climate climate = settings.climate();
            double luck = random.nextDouble();
            if (luck < climate.errors()) {
                return error(fate, random);
            }
            if (luck < climate.errors() + climate.hangs()) {
                return Behaviour.of(settings, request, 1, seed)
                        .greeting(fate.connected())
                        .silence();
            }
            slower = climate.slower();
        }
        Fate fair = fair(request, fate, slower, random);
        return struckByAnOutage(fair, now, random);
    }

    private static Fate down(Spell.Symptom symptom, FateWriter fate) {
        return switch (symptom) {
            case REFUSES -> fate.fails(FailureKind.CONNECTION, 0, OptionalLong.empty());
            case ERRORS -> fate.connected().fails(FailureKind.SERVER_ERROR, 503, OptionalLong.empty());
            case SILENT -> fate.connected().silence();
            case UNREACHABLE -> fate.silence();
        };
    }

    private Fate error(FateWriter fate, SplittableRandom random) {
        int kind = random.nextInt(6);
        return switch (settings.faults().plain() ? 5 : kind) {
            case 0 -> fate.fails(FailureKind.CONNECTION, 0, OptionalLong.empty());
            case 1 -> fate.connected().fails(FailureKind.OVERLOADED, 529, OptionalLong.empty());
            case 2 -> fate.connected().fails(FailureKind.MALFORMED, 200, OptionalLong.empty());
            case 3 -> fate.connected().fails(FailureKind.NOT_READY, 429, OptionalLong.empty());
            default -> fate.connected().fails(FailureKind.SERVER_ERROR, 500, OptionalLong.empty());
        };
    }

    private Fate fair(SimulatedRequest request, FateWriter fate, double slower, SplittableRandom random) {
        long first = (long) (settings.firstToken().nanos(random) * slower);
        double perToken = settings.perToken().draw(random) * slower;
        Behaviour behaviour = Behaviour.of(settings, request, slower, seed);
        Faults faults = settings.faults();
        double luck = random.nextDouble();
        if ((luck -= faults.errors()) < 0) {
            return error(fate, random);
        }
        if ((luck -= faults.limits()) < 0) {
            boolean hint = random.nextBoolean();
            long wait = TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(20_000));
            return fate.connected()
                    .fails(FailureKind.RATE_LIMITED, 429, hint ? OptionalLong.of(wait) : OptionalLong.empty());
        }
        if ((luck -= faults.hangs()) < 0) {
            return behaviour.greeting(fate.connected()).silence();
        }
        if ((luck -= faults.account()) < 0) {
            List<FailureKind> kinds = List.of(FailureKind.QUOTA, FailureKind.AUTH, FailureKind.UNKNOWN_MODEL);
            FailureKind kind = kinds.get(random.nextInt(kinds.size()));
            return fate.connected().fails(kind, STATUS_OF_REFUSAL, OptionalLong.empty());
        }
        behaviour.greeting(fate.connected());
        if ((luck -= faults.blanks()) < 0) {
            return behaviour.untilContent(fate, first).blank();
        }
        if ((luck -= faults.junk()) < 0) {
            return behaviour.untilContent(fate, first).fails(FailureKind.INVALID_OUTPUT, 200, OptionalLong.empty());
        }
        int tokens = request.tokens();
        if (!request.streaming()) {
            boolean cut = luck < faults.stalls() + faults.cuts();
            behaviour.untilContent(fate, first + (long) (perToken * tokens));
            return cut ? fate.fails(FailureKind.TRUNCATED, 200, OptionalLong.empty()) : fate.whole();
        }
        int position = random.nextInt(tokens + 1);
        if ((luck -= faults.stalls()) < 0) {
            return behaviour.answer(fate, first, perToken, tokens, position).silence();
        }
        if ((luck -= faults.cuts()) < 0) {
            return behaviour
                    .answer(fate, first, perToken, tokens, position)
                    .fails(FailureKind.TRUNCATED, 200, OptionalLong.empty());
        }
        behaviour.answer(fate, first, perToken, tokens, tokens).mark();
        return (luck - faults.tails()) < 0 ? fate.silence() : fate.whole();
    }

    /** An outage that begins while an answer is on its way cuts it off, or holds it up for ever. */
    private Fate struckByAnOutage(Fate fair, long now, SplittableRandom random) {
        long last = fair.moments().isEmpty() ? now : fair.moments().getLast().at();
        boolean cut = random.nextInt(4) > 0;
        return weather.outageBetween(now, last)
                .map(spell -> {
                    List<Fate.Moment> before = fair.moments().stream()
                            .filter(moment -> moment.at() < spell.from())
                            .toList();
                    boolean done = before.stream().anyMatch(moment -> moment.what() instanceof Happening.Mark);
                    return cut && !done ? FateWriter.cut(before, spell.from()) : new Fate(before);
                })
                .orElse(fair);
    }
}
