package dev.understudy.gateway.call;

import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Manner;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Signal;
import dev.understudy.gateway.config.Api;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.Rendering;
import dev.understudy.protocol.translate.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts of one call on the wire, and how each is begun. */
final class Exchanges {
    private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);

    /** Bytes of a request that are translated in a few milliseconds; larger ones keep no event loop waiting. */
    private static final int QUICKLY_TRANSLATED = 256 * 1024;

    private final CallDriver.Surroundings around;
    private final Api api;
    private final CharSequence contentType;
    private final Map<String, String> headers;
    private final CallerRequest request;
    private final Wording wording;
    private final AnswerRules rules;
    private final Optional<CallerCheck> check;
    /** Whether another target may have to go on from the text: it cannot inside JSON, or with several answers. */
    private final boolean keepsText;

    private final Consumer<Signal> engine;
    private final List<Exchange> exchanges = new ArrayList<>(2);
    private final List<List<String>> warnings = new ArrayList<>(2);

    /** @param asking what came, before it was read */
    Exchanges(
            CallDriver.Surroundings around,
            Asking asking,
            CallerRequest request,
            PlannedCall planned,
            Consumer<Signal> engine) {
        this.around = around;
        this.api = asking.api();
        this.contentType = asking.forwardedType();
        this.headers = asking.headers();
        this.request = request;
        this.wording = new Wording(request);
        this.rules = AnswerRules.of(
                planned.emptyAllowed(),
                request.facts().choices().orElse(1),
                request.facts().maxTokens(),
                request.facts().stopSequences());
        this.check = planned.acceptance().acceptsAnything() || !api.isConversation()
                ? Optional.empty()
                : CallerCheck.of(planned.acceptance(), request, wording);
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

    /** What of the caller's request an attempt's target was not told. */
    List<String> warningsOf(int attempt) {
        return warnings.get(attempt - 1);
    }

    /**
     * Begins the next attempt.
     *
     * @param onStage the attempt whose bytes the caller has read
     * @param trail the trail of the call, for those who ask later
     */
    void begin(int attempt, PlannedCall.Stop stop, Manner manner, int onStage, Supplier<String> trail) {
        Rendering rendering = new Rendering(
                stop.api().dialect(), api.dialect(), stop.route().target().model(), request::asked, rules);
        switch (manner) {
            case FRESH, OVERLAPPING, RESTARTING ->
                begin(
                        attempt,
                        stop,
                        () -> wording.to(
                                stop.api().dialect(),
                                stop.route().target().model(),
                                stop.route().abilities(),
                                stop.overrides()),
                        rendering,
                        StreamedAnswer.fresh(rendering, keepsText),
                        engine);
            case CONTINUING -> {
                AnswerSoFar answer = streamOf(onStage).soFar();
                Continuing continuing = Continuing.of(answer, stop, around.forms());
                Rendering rest = answer.mayBeWhole() ? rendering.allowingEmpty() : rendering;
                begin(
                        attempt,
                        stop,
                        () -> continuing.body(wording),
                        rest,
                        StreamedAnswer.continuing(rest, answer, continuing.form(), trail),
                        signal -> engine.accept(continuing.heard(signal)));
            }
        }
    }

    /** Puts the request in the target's words. */
    @FunctionalInterface
    private interface Words {
        WrittenRequest written() throws Wording.CannotBeSaid;
    }

    private void begin(
            int attempt,
            PlannedCall.Stop stop,
            Words words,
            Rendering rendering,
            StreamedAnswer.Maker streams,
            Consumer<Signal> hears) {
        exchanges.add(exchange(
                attempt, stop, rendering, streams, check.isEmpty() ? hears : checked(attempt, check.get(), hears)));
        warnings.add(List.of());
        boolean takesLong = stop.api() != api && request.body().length > QUICKLY_TRANSLATED;
        if (takesLong) {
            // In order, so that two attempts of a call do not read its request at the same time.
            around.vertx()
                    .executeBlocking(words::written)
                    .onSuccess(written -> send(attempt, stop, written))
                    .onFailure(cause -> refuse(attempt, cause));
            return;
        }
        try {
            send(attempt, stop, words.written());
        } catch (Wording.CannotBeSaid | RuntimeException cannot) {
            refuse(attempt, cannot);
        }
    }

    private void send(int attempt, PlannedCall.Stop stop, WrittenRequest written) {
        warnings.set(attempt - 1, written.warnings());
        of(attempt).start(around.client(), written.body(), stop.api() == api ? headers : Map.of());
    }

    /** The engine hears at once that this target cannot be asked; a request that trips us up trips up this target only. */
    private void refuse(int attempt, Throwable cause) {
        if (of(attempt).isOver()) {
            return;
        }
        of(attempt).cancel();
        if (cause instanceof Wording.CannotBeSaid cannot) {
            engine.accept(new Signal.Failed(attempt, cannot.failure()));
        } else {
            LOG.error("a request could not be put in a target's words", cause);
            engine.accept(new Signal.Failed(
                    attempt, Failure.of(FailureKind.UNSUPPORTED, "the request could not be put in its words")));
        }
    }

    private Exchange exchange(
            int attempt,
            PlannedCall.Stop stop,
            Rendering rendering,
            StreamedAnswer.Maker streams,
            Consumer<Signal> hears) {
        return new Exchange(
                around.vertx(),
                attempt,
                around.destinations().of(stop.route(), stop.api(), request.stream(), contentType),
                request.stream(),
                rendering,
                streams,
                hears);
    }

    private Consumer<Signal> checked(int attempt, CallerCheck each, Consumer<Signal> hears) {
        return new CheckedAnswer(around.vertx(), each, request.stream(), () -> of(attempt), hears);
    }
}
