package dev.understudy.client;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.client.chain.CallTrail;
import dev.understudy.client.chain.FallbackException;
import dev.understudy.client.chain.TargetHealth;
import dev.understudy.client.http.Arguments;
import dev.understudy.client.http.CallResponse;
import dev.understudy.client.http.CallRunner;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * Calls LLMs with fallbacks, inside this process.
 *
 * <pre>{@code
 * try (Understudy understudy = Understudy.create()) {
 *     Completion answer = understudy.completion(CompletionRequest.of("gpt-4o-mini")
 *             .user("Why is the sky blue?")
 *             .fallbacks("claude-sonnet-4-5", "gemini-2.5-flash")
 *             .build());
 *     System.out.println(answer.text());
 * }
 * }</pre>
 *
 * <p>Requests are chat completions, whichever dialect a target has. A call is never worse than one sent to its primary directly:
 * lateness cancels nothing and starts the next target beside the late one. The engine, its settings and their defaults are those
 * of the gateway.
 *
 * <p>Safe for use by many threads. Create one for the process: health, budgets and usual times of targets are learned by it.
 */
public final class Understudy implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CallRunner runner;
    private final UnderstudyBuilder.Parts parts;

    Understudy(UnderstudyBuilder.Parts parts) {
        this.parts = parts;
        this.runner = parts.runner();
    }

    /**
     * With the providers whose usual environment variables are set, such as {@code OPENAI_API_KEY}.
     *
     * @throws IllegalArgumentException if there is none; the message names the variables
     */
    public static Understudy create() {
        return builder().build();
    }

    /**
     * With a configuration file of the gateway.
     *
     * @throws IllegalArgumentException with everything that is wrong with the file, each with its line
     */
    public static Understudy fromFile(Path file) {
        return builder().file(file).build();
    }

    /** Begins a configuration in code. */
    public static UnderstudyBuilder builder() {
        return new UnderstudyBuilder();
    }

    /**
     * A chat completion with fallbacks, by a client of the process that is configured by the environment.
     *
     * <pre>{@code
     * Understudy.completion("gpt-4o-mini", List.of(Message.user("Hello")), fallbacks("claude-sonnet-4-5", "gemini-2.5-flash"));
     * }</pre>
     *
     * @throws IllegalArgumentException if an argument is wrong or no key is known; nothing was sent
     * @throws FallbackException if no target could answer
     */
    public static Completion completion(String model, List<Message> messages, Fallbacks fallbacks) {
        return OfProcess.CLIENT.completion(CompletionRequest.of(model)
                .messages(messages)
                .fallbacks(fallbacks)
                .build());
    }

    /** Created by the first call that needs it. */
    private static final class OfProcess {
        private static final Understudy CLIENT = create();
    }

    /**
     * A chat completion.
     *
     * @throws IllegalArgumentException if the request is wrong; nothing was sent
     * @throws FallbackException if no target could answer; also if this thread is interrupted, which ends all attempts and leaves
     *     the thread's interrupt status set
     */
    public Completion completion(CompletionRequest request) {
        CallResponse head = await(begin(request, false, Runnable::run));
        try {
            await(head.finished());
        } catch (FallbackException left) {
            head.body().close();
            throw left;
        }
        return completed(head);
    }

    /**
     * The same without waiting.
     *
     * @return completed with the answer or with a {@link FallbackException}, never on a thread that other calls need. Cancelling it
     *     ends all attempts at once
     * @throws IllegalArgumentException if the request is wrong; nothing was sent
     */
    public CompletableFuture<Completion> completionAsync(CompletionRequest request) {
        return LinkedFutures.compose(
                begin(request, false, parts.threads()),
                head -> head.finished().thenApply(finished -> completed(head)),
                late -> {});
    }

    private static Completion completed(CallResponse response) {
        if (!response.isSuccess()) {
            throw Outcomes.failure(response, false);
        }
        try (var body = response.body().inputStream()) {
            return Completion.of(
                    JSON.readTree(new String(body.readAllBytes(), StandardCharsets.UTF_8)),
                    response.header("understudy-target").orElse(""),
                    Outcomes.trail(response),
                    response.warnings());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * A streamed chat completion. Waits until the answer has begun, so that every failure before is seen here and has been
     * rescued if a target could.
     *
     * @throws IllegalArgumentException if the request is wrong; nothing was sent
     * @throws FallbackException if no target could answer
     */
    public CompletionStream stream(CompletionRequest request) {
        CallResponse response = await(begin(request, true, Runnable::run));
        if (!response.isSuccess()) {
            throw Outcomes.failure(response, false);
        }
        return new CompletionStream(response);
    }

    /**
     * A streamed chat completion as a publisher. The call begins when it is subscribed to; a subscriber that requests one chunk at
     * a time holds the provider back, and cancelling the subscription ends all attempts at once. A failure reaches {@code onError} as
     * a {@link FallbackException}.
     *
     * @throws IllegalArgumentException if the request is null
     */
    public Flow.Publisher<CompletionChunk> publisher(CompletionRequest request) {
        Arguments.notNull(request, "request");
        return new ChunkPublisher(() -> begin(request, true, parts.threads()), parts.threads());
    }

    /** @param completions {@code Runnable::run} if a thread waits for the response and nothing else depends on it */
    private CompletableFuture<CallResponse> begin(CompletionRequest request, boolean stream, Executor completions) {
        InboundRequest inbound = new InboundRequest(
                Api.CHAT,
                Optional.empty(),
                false,
                InboundRequest.JSON,
                InboundRequest.Forwarded.NOTHING,
                Arguments.notNull(request, "request").body(stream));
        try {
            return runner.begin(
                    inbound,
                    HeaderLookup.NONE,
                    parts.validator().map(check -> new ValidatedAnswer(check, request)),
                    completions);
        } catch (BadRequest wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        } catch (NoEligibleTarget none) {
            throw new IllegalArgumentException(none.reason().getMessage() + " " + new CallTrail(none.skipped()), none);
        }
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw Outcomes.left();
        } catch (CancellationException cancelled) {
            throw Outcomes.left();
        } catch (ExecutionException failed) {
            switch (LinkedFutures.unwrapped(failed)) {
                case RuntimeException failure -> throw failure;
                case Throwable other -> throw new IllegalStateException("the call failed", other);
            }
        }
    }

    /** How the targets are that were tried. */
    public List<TargetHealth> health() {
        return parts.state().health();
    }

    /** Forgets what is known of the targets: circuits are closed, budgets are full, usual times are unknown. */
    public void resetHealth() {
        parts.state().reset();
    }

    /** What is unsafe in the configuration, such as keys that are sent unencrypted; each names its setting. */
    public List<String> warnings() {
        return parts.settings().warnings();
    }

    /** The names of the configuration that a request may use as its model. */
    public List<String> models() {
        return List.copyOf(runner.catalog().models());
    }

    /** Accepts no more calls; those that run continue, and connections close when they have ended. */
    @Override
    public void close() {
        runner.close();
        parts.close().run();
    }
}
