package dev.understudy.client.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChainListenerTest {
    private static final Duration SOON = Duration.ofMillis(100);

    private final VirtualScene scene = new VirtualScene();
    private final List<String> events = new ArrayList<>();

    private final ChainListener recorder = new ChainListener() {
        @Override
        public void attemptStarted(String target, int number, AttemptKind kind) {
            events.add("start " + number + " " + target + " " + kind);
        }

        @Override
        public void attemptEnded(TrailEntry attempt) {
            events.add("end " + attempt.attempt() + " " + attempt.target() + " " + attempt.outcome());
        }

        @Override
        public void fallback(String from, String to, Optional<Failure> because) {
            events.add("fallback " + from + " -> " + to + " "
                    + because.map(Failure::kind).map(FailureKind::wireName).orElse("late"));
        }

        @Override
        public void circuitOpened(String target, FailureKind because, Duration cooldown) {
            events.add("opened " + target + " " + because + " " + cooldown.toSeconds() + "s");
        }

        @Override
        public void circuitClosed(String target) {
            events.add("closed " + target);
        }

        @Override
        public void callAnswered(String target, CallTrail trail, Duration duration) {
            events.add("answered " + target + " " + trail + " " + duration.toMillis());
        }

        @Override
        public void callFailed(FailureKind kind, CallTrail trail, Duration duration) {
            events.add("failed " + kind + " " + trail);
        }
    };

    @Test
    void aCallIsToldInOrder() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.fails("one", SOON, () -> new HttpStatusException(401, Map.of(), "")))
                .asyncTarget("two", scene.answers("two", SOON, "hi"))
                .listener(recorder)
                .build();
        chain.callAsync("question");
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(events)
                .containsExactly(
                        "start 1 one PRIMARY",
                        "end 1 one auth",
                        "opened one AUTH 300s",
                        "fallback one -> two auth",
                        "start 2 two FALLBACK",
                        "end 2 two ok",
                        "answered two one:auth, two:ok 200");
    }

    @Test
    void aHedgeAndACircuitThatClosesAreTold() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget(
                        "one",
                        VirtualScene.inTurn(
                                scene.fails("one", SOON, () -> new HttpStatusException(500, Map.of(), "")),
                                scene.answers("one", SOON, "hi")))
                .asyncTarget("two", VirtualScene.inTurn(scene.stalls("two"), scene.answers("two", SOON, "hi")))
                .asyncTarget("three", scene.answers("three", SOON, "hi"))
                .settings(
                        CallSettings.builder().cooldown(Duration.ofSeconds(10)).build())
                .listener(recorder)
                .build();
        chain.callAsync("question");
        scene.loop.advance(Duration.ofSeconds(25));
        assertThat(events)
                .contains("opened one SERVER_ERROR 10s", "fallback two -> three late", "start 3 three HEDGE")
                .contains("end 2 two cancelled");

        events.clear();
        chain.callAsync("question");
        scene.loop.advance(Duration.ofSeconds(1));
        assertThat(events).contains("end 1 one ok", "closed one");
    }

    @Test
    void aFailedCallAndACallerWhoLeftAreTold() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.fails("one", SOON, () -> new HttpStatusException(400, Map.of(), "")))
                .listener(recorder)
                .build();
        chain.callAsync("question");
        scene.loop.advance(Duration.ofSeconds(1));
        assertThat(events).last().isEqualTo("failed BAD_REQUEST one:bad_request");

        chain.callAsync("question").cancel(true);
        scene.loop.advance(Duration.ofMillis(50));
        assertThat(events).last().asString().startsWith("failed CANCELLED");
    }

    @Test
    void aListenerThatFailsChangesNothing() {
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.answers("one", SOON, "hi"))
                .listener(new ChainListener() {
                    @Override
                    public void attemptStarted(String target, int number, AttemptKind kind) {
                        throw new IllegalStateException("thrown on purpose: the log shows it");
                    }
                })
                .listener(recorder)
                .build();
        var future = chain.callAsync("question");
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(future.join().answer()).isEqualTo("hi");
        assertThat(events).contains("start 1 one PRIMARY", "end 1 one ok");
    }

    /** The ends of two calls at the same time are told to the listener of each, taken where the call was made. */
    @Test
    void eachCallMayHaveAListenerOfItsOwn() {
        ThreadLocal<String> caller = new ThreadLocal<>();
        FallbackChain<String, String> chain = scene.whole()
                .asyncTarget("one", scene.answers("one", SOON, "hi"))
                .listener(new ChainListener() {
                    @Override
                    public ChainListener forCall() {
                        String name = caller.get();
                        return new ChainListener() {
                            @Override
                            public void callAnswered(String target, CallTrail trail, Duration duration) {
                                events.add(name);
                            }
                        };
                    }
                })
                .listener(new ChainListener() {
                    @Override
                    public ChainListener forCall() {
                        throw new IllegalStateException("thrown on purpose: the log shows it");
                    }
                })
                .build();
        for (String name : List.of("first", "second")) {
            caller.set(name);
            chain.callAsync("question");
        }
        caller.remove();
        scene.loop.advance(Duration.ofSeconds(1));

        assertThat(events).containsExactly("first", "second");
    }
}
