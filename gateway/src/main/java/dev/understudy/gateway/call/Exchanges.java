package dev.understudy.gateway.call;

import dev.understudy.engine.Manner;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Signal;
import dev.understudy.protocol.chat.AnswerRules;
import dev.understudy.protocol.chat.ChatRequest;
import dev.understudy.protocol.chat.acceptance.AnswerCheck;
import io.netty.buffer.Unpooled;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The attempts of one call on the wire, and how each is begun. */
final class Exchanges {
    private final CallDriver.Surroundings around;
    private final ChatRequest request;
    private final AnswerRules rules;
    private final Optional<AnswerCheck> check;
    /** Whether another target may have to go on from the text: it cannot inside JSON, or with several answers. */
    private final boolean keepsText;

    private final Consumer<Signal> engine;
    private final List<Exchange> exchanges = new ArrayList<>(2);

    Exchanges(CallDriver.Surroundings around, ChatRequest request, PlannedCall planned, Consumer<Signal> engine) {
        this.around = around;
        this.request = request;
        this.rules = AnswerRules.of(
                planned.emptyAllowed(),
                request.facts().choices().orElse(1),
                request.facts().maxTokens(),
                request.facts().stopSequences());
        this.check = planned.acceptance().acceptsAnything()
                ? Optional.empty()
                : Optional.of(planned.acceptance().checkFor(request));
        this.keepsText = planned.plan().recovery() != Recovery.TERMINATE
                && request.stream()
                && !request.facts().jsonOutput()
                && rules.choices() == 1;
        this.engine = engine;
    }

    /** @param attempt the number by which the engine knows it, from 1 */
    Exchange of(int attempt) {
        return exchanges.get(attempt - 1);
    }

    /** Of an attempt that brought a stream. */
    StreamedAnswer streamOf(int attempt) {
        return (StreamedAnswer) of(attempt).answer();
    }

    /**
     * Begins the next attempt.
     *
     * @param onStage the attempt whose bytes the caller has read
     * @param trail the trail of the call, for those who ask later
     */
    void begin(int attempt, PlannedCall.Stop stop, Manner manner, int onStage, Supplier<String> trail) {
        switch (manner) {
            case FRESH, OVERLAPPING, RESTARTING ->
                begin(
                        attempt,
                        stop,
                        request.bodyFor(stop.route().target().model(), stop.overrides()),
                        keepsText ? StreamedAnswer.keepingText() : StreamedAnswer.plain(),
                        engine);
            case CONTINUING -> {
                AnswerSoFar answer = streamOf(onStage).soFar();
                Continuing continuing = Continuing.of(answer, stop.route(), around.forms());
                begin(
                        attempt,
                        stop,
                        continuing.body(request, stop),
                        StreamedAnswer.continuing(answer, continuing.form(), trail),
                        signal -> engine.accept(continuing.heard(signal)));
            }
        }
    }

    private void begin(
            int attempt, PlannedCall.Stop stop, byte[] body, StreamedAnswer.Maker streams, Consumer<Signal> hears) {
        Exchange exchange = new Exchange(
                around.vertx(),
                attempt,
                around.destinations().of(stop.route()),
                request.stream(),
                rules,
                streams,
                check.isEmpty() ? hears : checked(attempt, check.get(), hears));
        exchanges.add(exchange);
        exchange.start(around.client(), BufferInternal.buffer(Unpooled.wrappedBuffer(body)));
    }

    private Consumer<Signal> checked(int attempt, AnswerCheck each, Consumer<Signal> hears) {
        return new CheckedAnswer(around.vertx(), each, request.stream(), () -> of(attempt), hears);
    }
}
