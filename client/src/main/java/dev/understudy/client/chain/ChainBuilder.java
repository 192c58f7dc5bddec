package dev.understudy.client.chain;

import dev.understudy.client.loop.CallLoop;
import dev.understudy.client.loop.CallThreads;
import dev.understudy.protocol.neutral.InvisibleCharacters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * The settings that both kinds of chains have.
 *
 * @param <F> the form of the targets
 * @param <Q> the request
 * @param <A> the answer
 * @param <B> the builder itself
 */
public abstract sealed class ChainBuilder<F, Q, A, B extends ChainBuilder<F, Q, A, B>>
        permits FallbackChain.Builder, StreamingChain.Builder {
    private final List<ChainConfig.NamedTarget<F>> targets = new ArrayList<>();
    private CallSettings settings = CallSettings.ofDefaults();
    private FailureClassifier classifier = thrown -> Optional.empty();
    private Optional<AnswerValidator<Q, A>> validator = Optional.empty();
    private BiPredicate<Q, A> blank = (request, answer) -> isBlank(answer);
    private Predicate<A> filtered = answer -> false;
    private ToLongFunction<Q> requestSize = request -> request instanceof CharSequence text ? text.length() : 0;
    private final List<ChainListener> listeners = new ArrayList<>();
    private Optional<FallbackState> state = Optional.empty();
    private Executor executor = CallThreads.DEFAULT;
    private Executor threads = CallThreads.DEFAULT;
    private CallLoop loop = CallLoop.shared();
    private Optional<RandomGenerator> random = Optional.empty();

    ChainBuilder() {}

    /** Text without a visible character, and an empty collection. */
    private static boolean isBlank(Object answer) {
        return switch (answer) {
            case CharSequence text -> InvisibleCharacters.only(text.toString());
            case Collection<?> items -> items.isEmpty();
            default -> false;
        };
    }

    abstract B self();

    B add(String name, F target, TargetOptions options) {
        Checks.name(name);
        Checks.notNull(target, "the function of target " + name);
        Checks.notNull(options, "the options of target " + name);
        if (targets.stream().anyMatch(other -> other.name().equals(name))) {
            throw new IllegalArgumentException("two targets are named \"" + name
                    + "\"; give each its own name, because trail and health name them");
        }
        targets.add(new ChainConfig.NamedTarget<>(name, target, options));
        return self();
    }

    /** Deadlines, late marks, retries, cooldowns; see {@link CallSettings}. */
    public B settings(CallSettings how) {
        settings = Checks.notNull(how, "settings");
        return self();
    }

    /** What exceptions of the targets mean; the built-in classifier follows for those that it does not know. */
    public B classifier(FailureClassifier ofExceptions) {
        classifier = Checks.notNull(ofExceptions, "classifier");
        return self();
    }

    /**
     * Which answers are good enough; if one is not, the next target is tried. A stream is then held back until it is complete,
     * because what the caller has read cannot be taken back.
     */
    public B validator(AnswerValidator<Q, A> check) {
        validator = Optional.of(Checks.notNull(check, "validator"));
        return self();
    }

    /** Which answers are blank: by default text without a visible character, and empty collections. */
    public B blank(Predicate<A> check) {
        Checks.notNull(check, "blank");
        blank = (request, answer) -> check.test(answer);
        return self();
    }

    /** Which answers are blank, where it depends on the request: one token of a request for one may be a blank. */
    public B blankFor(BiPredicate<Q, A> check) {
        blank = Checks.notNull(check, "blankFor");
        return self();
    }

    /**
     * Which answers have no content because a provider's content filter withheld it: by default none. Such an answer is not
     * blank: it is delivered, unless the settings say that a content policy leads to the next target ({@link
     * CallSettings.Builder#fallbackOn}).
     */
    public B filtered(Predicate<A> check) {
        filtered = Checks.notNull(check, "filtered");
        return self();
    }

    /** How large a request is, in bytes or characters: the usual times of targets are learned by the size of the prompt. */
    public B requestSize(ToLongFunction<Q> size) {
        requestSize = Checks.notNull(size, "requestSize");
        return self();
    }

    /** Adds a listener. */
    public B listener(ChainListener listener) {
        listeners.add(Checks.notNull(listener, "listener"));
        return self();
    }

    /** Shares health and budgets with the other chains that have this state; by default a chain has its own. */
    public B state(FallbackState shared) {
        state = Optional.of(Checks.notNull(shared, "state"));
        return self();
    }

    /**
     * Where the targets' functions run: by default each in a virtual thread of its own (on JDK 21 to 23 in a pooled daemon
     * thread). One of one's own can carry over context, such as that of logs and traces. It must not run tasks in the calling
     * thread, which is that of the loop. An attempt that waits for a thread is not late.
     */
    public B executor(Executor threads) {
        executor = Checks.notNull(threads, "executor");
        return self();
    }

    /** The loop on which the calls run: by default that of the process. */
    public B loop(CallLoop calls) {
        loop = Checks.notNull(calls, "loop");
        return self();
    }

    /** The source of jitter, used by the loop only. A seeded one makes calls repeatable. */
    public B random(RandomGenerator source) {
        random = Optional.of(Checks.notNull(source, "random"));
        return self();
    }

    /** Where listeners, subscribers and dependents of futures run, for tests in virtual time. */
    B threads(Executor forTheApplication) {
        threads = forTheApplication;
        return self();
    }

    ChainConfig<F, Q, A> config() {
        if (targets.isEmpty()) {
            throw new IllegalStateException("the chain has no targets; add at least one with target(name, function)");
        }
        FallbackState ofChain = state.orElseGet(() -> FallbackState.create(0.1, 0.1, loop::nanoTime));
        return new ChainConfig<>(
                List.copyOf(targets),
                settings,
                classifier,
                validator.orElse((request, answer) -> Optional.empty()),
                validator.isPresent(),
                blank,
                filtered,
                requestSize,
                List.copyOf(listeners),
                ofChain,
                new CircuitChanges(ofChain),
                executor,
                threads,
                loop,
                random);
    }
}
