package dev.understudy.calls.upstream;

import dev.understudy.calls.FutureCause;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.loop.CallLoop;
import dev.understudy.calls.work.WorkPool;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.translate.ResponseTranslator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt on the wire: sends the upstream request, passes the response's bytes to a reader, and reports to the engine.
 *
 * <p>After {@link #cancel}, and after the signal that ends the attempt, it reports nothing more, whatever the connection does.
 */
public final class UpstreamAttempt implements UpstreamTransport.Receiver {
    private static final long LINGER = TimeUnit.SECONDS.toNanos(1);

    /** What a large answer takes while it is read and written in another dialect, in bytes for each of its bytes. */
    private static final long READING = 4;

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamAttempt.class);

    private final CallLoop loop;
    private final WorkPool work;
    private final int attempt;
    private final UpstreamEndpoint upstreamEndpoint;
    private final ConnectionSlots.Slot slot;
    private final OptionalLong patience;
    private final boolean streaming;
    private final ResponseTranslator responseTranslator;
    private final StreamedAnswer.Maker streams;
    private final Consumer<Signal> engine;
    private final AnswerMemory.Share memory;

    private Optional<UpstreamTransport.Transfer> transfer = Optional.empty();
    private Optional<Runnable> toSend = Optional.empty();
    private Optional<Runnable> cancelWork = Optional.empty();
    private boolean connected;
    private Optional<UpstreamTransport.Head> head = Optional.empty();
    private ContentDecoder decoder = ContentDecoder.NONE;
    private Optional<UpstreamBodyReader> reader = Optional.empty();
    private boolean over;
    private boolean bodyEnded;
    private boolean held;
    private boolean connectionBroke;
    private long received;

    /**
     * @param resources the loop, the memory of answers, and the pool for large ones
     * @param attempt the engine's number of the attempt
     * @param responseTranslator translates its answer to the caller's dialect
     * @param streams makes the reader of a streamed answer
     * @param connections the provider's
     * @param engine receives the signals
     */
    UpstreamAttempt(
            UpstreamResources resources,
            int attempt,
            UpstreamEndpoint upstreamEndpoint,
            Connections connections,
            boolean streaming,
            ResponseTranslator responseTranslator,
            StreamedAnswer.Maker streams,
            Consumer<Signal> engine) {
        this.loop = resources.loop();
        this.work = resources.work().answers();
        this.memory = resources.answers().share(loop, this::failForMemory);
        this.attempt = attempt;
        this.upstreamEndpoint = upstreamEndpoint;
        this.slot = connections.slots().slot(connections.provider(), connections.limit(), loop, this::slotGranted);
        this.patience = connections.patience();
        this.streaming = streaming;
        this.responseTranslator = responseTranslator;
        this.streams = streams;
        this.engine = engine;
    }

    /**
     * The upstream connections of a provider.
     *
     * @param limit how many may be in use
     * @param patience how long the attempt waits for one of them, in nanoseconds; empty if no other target could take over, so
     *     that waiting is best
     */
    record Connections(ConnectionSlots slots, String provider, int limit, OptionalLong patience) {}

    /** @param forwarded the headers and parameters of this request only */
    void start(byte[] body, InboundRequest.Forwarded forwarded) {
        if (over) {
            return;
        }
        InboundRequest.Forwarded permitted = upstreamEndpoint.permitted(forwarded);
        Optional<Authorizer> authorizer = upstreamEndpoint.authorizer();
        if (authorizer.isEmpty()) {
            connect(body, permitted.query(), permitted.headers());
            return;
        }
        CompletableFuture<Map<String, String>> headers =
                authorizer.get().headers(body).toCompletableFuture();
        // Usually they are there already: credentials are kept for hours.
        var unused = headers.whenCompleteAsync(
                (authorized, cause) -> connect(body, permitted, authorized, cause),
                headers.isDone() ? Runnable::run : loop);
    }

    private void connect(
            byte[] body,
            InboundRequest.Forwarded permitted,
            @Nullable Map<String, String> authorized,
            @Nullable Throwable cause) {
        if (over) {
            return;
        }
        if (authorized != null) {
            Map<String, String> all = new HashMap<>(permitted.headers());
            all.putAll(authorized);
            connect(body, permitted.query(), all);
        } else {
            fail(Failure.of(FailureKind.AUTH, FutureCause.text(Objects.requireNonNull(cause))));
        }
    }

    private void connect(byte[] body, String query, Map<String, String> headers) {
        switch (slot.take()) {
            case GRANTED -> connectNow(body, query, headers);
            case WAITING -> {
                // This time does not count as the provider's.
                engine.accept(new Signal.Paused(attempt));
                toSend = Optional.of(() -> connectNow(body, query, headers));
                patience.ifPresent(nanos -> loop.runAt(System.nanoTime() + nanos, () -> {
                    if (toSend.isPresent()) {
                        fail(noConnection());
                    }
                }));
            }
            case REFUSED -> fail(noConnection());
        }
    }

    private static Failure noConnection() {
        return Failure.of(
                FailureKind.GATEWAY_BUSY,
                "the gateway has as many connections to the provider in use as max-connections allows");
    }

    private void slotGranted() {
        Optional<Runnable> send = toSend;
        toSend = Optional.empty();
        if (over) {
            slot.release();
        } else {
            engine.accept(new Signal.Resumed(attempt));
            send.ifPresent(Runnable::run);
        }
    }

    private void connectNow(byte[] body, String query, Map<String, String> headers) {
        transfer = Optional.of(upstreamEndpoint.send(query, headers, body, this));
    }

    @Override
    public CallLoop loop() {
        return loop;
    }

    @Override
    public void connected() {
        connected = true;
        if (!over) {
            engine.accept(new Signal.Connected(attempt));
        }
    }

    @Override
    public void head(UpstreamTransport.Head response) {
        if (over) {
            return;
        }
        head = Optional.of(response);
        if (response.status() / 100 == 2) {
            tell(new Signal.Alive(attempt, Signal.Sign.BYTES));
        }
        reader = Optional.of(readerFor(response));
        decoder = ContentDecoder.of(response.first("content-encoding").orElse(""));
    }

    @Override
    public void bytes(byte[] array, int offset, int length) {
        received += length;
        if (!over && reader.isPresent()) {
            decoder.decode(array, offset, length, this::decoded, () -> fail(undecodable()));
        }
    }

    private boolean decoded(byte[] array, int offset, int length) {
        UpstreamBodyReader answer = reader.orElseThrow();
        answer.bytes(array, offset, length);
        if (!over && !memory.growTo(answer.kept())) {
            failForMemory();
        }
        return !over;
    }

    private void failForMemory() {
        if (!over) {
            reader.ifPresent(UpstreamBodyReader::forgetKept);
            fail(Failure.of(
                    FailureKind.GATEWAY_BUSY,
                    "the answers of all calls need more memory than answer-memory allows, and this one the most"));
        }
    }

    /** Whether its answer is so large that its memory is counted. */
    boolean isMemoryCounted() {
        return memory.isCounted();
    }

    /** Nothing of its answer is needed any more. */
    void releaseMemory() {
        memory.release();
    }

    @Override
    public void end() {
        bodyEnded = true;
        slot.release();
        if (!over) {
            reader.ifPresent(UpstreamBodyReader::end);
        }
    }

    /** The failure depends on how far the answer was; one that is there, and still being read, takes no harm. */
    @Override
    public void broken(Throwable cause) {
        if (over || bodyEnded) {
            return;
        }
        connectionBroke = true;
        if (reader.isEmpty()) {
            conclude(cause);
            return;
        }
        if (held) {
            resume();
        }
        concludeOnceDrained(cause, received);
    }

    /**
     * Bytes that arrived before the connection broke, but were paused for a slow caller or are on their way since it read again, are read
     * first: they may complete the answer. A provider that closes its connection after the answer has often done so before such a caller has read it.
     *
     * <p>After a resume the bytes are delivered on later turns of the loop; the first turn without any is the end.
     */
    private void concludeOnceDrained(Throwable cause, long before) {
        loop.execute(() -> {
            if (over) {
                return;
            }
            if (received == before) {
                conclude(cause);
            } else {
                concludeOnceDrained(cause, received);
            }
        });
    }

    private void conclude(Throwable cause) {
        if (reader.isPresent() && reader.get().isComplete()) {
            // The terminal event has arrived, so it does not matter how the connection ends.
            reader.get().end();
            return;
        }
        fail(reader.map(answer -> answer.brokenBy(cause))
                .orElseGet(() ->
                        connected ? ConnectionFailures.beforeAnswer(cause) : ConnectionFailures.connecting(cause)));
    }

    private UpstreamBodyReader readerFor(UpstreamTransport.Head response) {
        int status = response.status();
        if (streaming && status / 100 == 2) {
            // Whatever the content type: the reader sees from the first byte what the body is.
            return streams.make(attempt, this::tell);
        }
        return new WholeAnswer(
                attempt,
                status,
                announced(response),
                response,
                responseTranslator.whole(response.first("content-type").orElse("")),
                this::evaluate,
                this::tell);
    }

    /** Meanwhile the time does not count as the provider's. */
    private void evaluate(int bytes, Supplier<Signal> evaluation) {
        tell(new Signal.Paused(attempt));
        WorkPool.Work<Signal> reading = work.submit(loop, READING * bytes, evaluation::get);
        works(reading);
        reading.result().whenComplete((signal, cause) -> {
            tell(new Signal.Resumed(attempt));
            if (cause == null) {
                tell(signal);
            } else if (cause instanceof WorkPool.Full) {
                fail(Failure.of(FailureKind.GATEWAY_BUSY, "too many large answers wait to be read in the gateway"));
            } else {
                LOG.error("a large answer could not be read", cause);
                fail(Failure.of(FailureKind.MALFORMED, "the answer could not be read"));
            }
        });
    }

    /** The content length; 0 if there is none, or no valid one. */
    private static int announced(UpstreamTransport.Head response) {
        Optional<String> length = response.first("content-length");
        try {
            return length.isEmpty() ? 0 : Integer.parseInt(length.get());
        } catch (NumberFormatException invalid) {
            return 0;
        }
    }

    private static Failure undecodable() {
        return Failure.of(FailureKind.MALFORMED, "the answer's body is not in the encoding that its headers name");
    }

    private void fail(Failure failure) {
        tell(new Signal.Failed(attempt, failure));
    }

    /** Reports a signal; the one that ends the attempt is the last. */
    private void tell(Signal signal) {
        if (over) {
            return;
        }
        switch (signal) {
            case Signal.Failed(int of, Failure failure) -> {
                over = true;
                release();
                engine.accept(new Signal.Failed(of, SecretsInUse.redact(failure)));
            }
            case Signal.Completed completed -> {
                over = true;
                engine.accept(completed);
            }
            default -> engine.accept(signal);
        }
    }

    /** Ends the attempt at once and closes its connection, so that the provider stops generating. */
    public void cancel() {
        over = true;
        cancelWork.ifPresent(Runnable::run);
        release();
    }

    /** Work of this process on behalf of the attempt, which ends with it. */
    void works(WorkPool.Work<?> work) {
        cancelWork = Optional.of(work.cancel());
    }

    /** A connection whose response was not read to its end cannot be reused. */
    private void release() {
        slot.release();
        if (!bodyEnded) {
            transfer.ifPresent(UpstreamTransport.Transfer::abort);
        }
    }

    /**
     * The answer is complete. Its connection is reused if the body ends within a second, as it nearly always does, and is
     * closed otherwise.
     */
    public void retire() {
        resume();
        if (!bodyEnded) {
            loop.runAt(System.nanoTime() + LINGER, this::release);
        }
    }

    /** Stops reading from the provider, unless all that it will send has arrived already. */
    public void pause() {
        if (!connectionBroke) {
            held = true;
            transfer.ifPresent(UpstreamTransport.Transfer::pause);
        }
    }

    /** Reads from the provider again. */
    public void resume() {
        held = false;
        transfer.ifPresent(UpstreamTransport.Transfer::resume);
    }

    /** The response headers that the caller receives too; none before the response headers have arrived. */
    public List<Map.Entry<String, String>> forwardedHeaders() {
        return head.map(upstreamEndpoint::forwarded).orElse(List.of());
    }

    /** Whether it is at an account of the caller's own. */
    boolean isAtOwnAccount() {
        return upstreamEndpoint.isOwn();
    }

    /** The name of the drill that injects a fault into it; empty for none. */
    String drill() {
        return upstreamEndpoint.injected().map(InjectedFaults.Fault::drill).orElse("");
    }

    /** The reader of the answer; empty before the response headers have arrived. */
    Optional<UpstreamBodyReader> startedAnswer() {
        return reader;
    }

    /** Whether it reports no more signals. */
    boolean isOver() {
        return over;
    }

    int attempt() {
        return attempt;
    }

    /**
     * The reader of the answer.
     *
     * @throws IllegalStateException before the response headers have arrived
     */
    public UpstreamBodyReader answer() {
        return reader.orElseThrow(() -> new IllegalStateException("attempt " + attempt + " has no answer yet"));
    }
}
