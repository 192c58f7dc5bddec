package dev.understudy.gateway.call;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Recovery;
import dev.understudy.engine.Signal;
import dev.understudy.gateway.config.Api;
import dev.understudy.protocol.acceptance.ContinuedJson;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.recovery.ContinuationForm;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.translate.CallerRequest;
import dev.understudy.protocol.translate.RequestTranslator;
import dev.understudy.protocol.translate.ResponseTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts of one call on the wire, and how each is begun. */
final class UpstreamAttempts {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamAttempts.class);

    /** Bytes of a request that are translated in a few milliseconds; larger ones keep no event loop waiting. */
    private static final int QUICKLY_TRANSLATED = 256 * 1024;

    private static final byte[] NOTHING = {};

    private final CallDriver.Surroundings around;
    private final Api api;
    private final CharSequence contentType;
    private final Map<String, String> headers;
    private final CallerRequest request;
    private final RequestTranslator translator;
    private final PlannedCall planned;
    private final AnswerRules rules;
    private final Optional<CallerDialectCheck> check;
    /** Whether another target may have to continue the text: it cannot with several answers. */
    private final boolean keepsText;

    private final Consumer<Signal> engine;
    private final List<UpstreamAttempt> upstreamAttempts = new ArrayList<>(2);
    private final List<List<String>> warnings = new ArrayList<>(2);
    private boolean tellsTrailAtTheEnd;

    /** @param inbound what came, before it was read */
    UpstreamAttempts(
            CallDriver.Surroundings around,
            InboundRequest inbound,
            CallerRequest request,
            PlannedCall planned,
            Consumer<Signal> engine) {
        this.around = around;
        this.api = inbound.api();
        this.contentType = inbound.forwardedType();
        this.headers = inbound.headers();
        this.request = request;
        this.translator = new RequestTranslator(request);
        this.planned = planned;
        this.rules = AnswerRules.of(
                planned.emptyAllowed(),
                request.facts().choices().orElse(1),
                request.facts().maxTokens(),
                request.facts().stopSequences());
        this.check = planned.acceptance().acceptsAnything() || !api.isConversation()
                ? Optional.empty()
                : CallerDialectCheck.of(planned.acceptance(), request, translator);
        this.keepsText = planned.plan().recovery() != Recovery.TERMINATE && request.stream() && rules.choices() == 1;
        this.engine = engine;
    }

    /** @param attempt the number by which the engine knows it, from 1 */
    UpstreamAttempt of(int attempt) {
        return upstreamAttempts.get(attempt - 1);
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
     * @param forwarded the attempt whose bytes the caller has; {@link CallHeaders#NO_ATTEMPT} if it has none
     * @param trail the trail of the call, for those who ask later
     */
    void begin(int attempt, PlannedCall.Stop stop, AttemptKind attemptKind, int forwarded, Supplier<String> trail) {
        ResponseTranslator responseTranslator = new ResponseTranslator(
                stop.api().dialect(), api.dialect(), stop.route().target().model(), request::context, rules);
        StreamedAnswer.Options options = new StreamedAnswer.Options(
                planned.toolCallsWhole(), false, first -> trailAtTheEnd(responseTranslator, first, trail));
        switch (attemptKind) {
            case PRIMARY, RETRY, FALLBACK, HEDGE, RESTART -> {
                boolean behindReasoning = attemptKind != AttemptKind.RESTART && forwarded != CallHeaders.NO_ATTEMPT;
                if (behindReasoning) {
                    streamOf(forwarded).suspend();
                }
                begin(
                        attempt,
                        stop,
                        () -> translator.to(
                                stop.api().dialect(),
                                stop.route().target().model(),
                                stop.route().capabilities(),
                                stop.overrides()),
                        responseTranslator,
                        behindReasoning
                                ? StreamedAnswer.continuing(
                                        responseTranslator,
                                        streamOf(forwarded).soFar(),
                                        ContinuationForm.TURN,
                                        withoutTrail(options),
                                        trail)
                                : StreamedAnswer.fresh(responseTranslator, keepsText, options),
                        engine);
            }
            case CONTINUATION -> {
                streamOf(forwarded).suspend();
                PartialAnswer answer = streamOf(forwarded).soFar();
                ContinuationAttempt continuing = ContinuationAttempt.of(answer, stop, around.forms());
                ResponseTranslator rest = answer.mayBeWhole() ? responseTranslator.allowingEmpty() : responseTranslator;
                StreamedAnswer.Options checked = new StreamedAnswer.Options(
                        options.holdsToolCalls(), request.facts().jsonOutput(), first -> NOTHING);
                Consumer<Signal> told = signal -> engine.accept(continuing.heard(signal));
                begin(
                        attempt,
                        stop,
                        () -> continuing.body(translator),
                        rest,
                        StreamedAnswer.continuing(rest, answer, continuing.form(), checked, trail),
                        request.facts().jsonOutput() ? checkedAsJson(attempt, told) : told);
            }
        }
    }

    private static StreamedAnswer.Options withoutTrail(StreamedAnswer.Options options) {
        return new StreamedAnswer.Options(options.holdsToolCalls(), options.holdsEnd(), first -> NOTHING);
    }

    /** The response headers went out before it was known which target answers: the last event tells. */
    void tellTrailAtTheEnd() {
        tellsTrailAtTheEnd = true;
    }

    private byte[] trailAtTheEnd(
            ResponseTranslator responseTranslator, Supplier<DeliveredPart> first, Supplier<String> trail) {
        return tellsTrailAtTheEnd ? responseTranslator.trail(first.get(), trail.get()) : NOTHING;
    }

    /** Puts the request in the target's words. */
    @FunctionalInterface
    private interface Words {
        WrittenRequest written() throws RequestTranslator.CannotTranslate;
    }

    private void begin(
            int attempt,
            PlannedCall.Stop stop,
            Words words,
            ResponseTranslator responseTranslator,
            StreamedAnswer.Maker streams,
            Consumer<Signal> hears) {
        upstreamAttempts.add(upstreamAttempt(
                attempt,
                stop,
                responseTranslator,
                streams,
                check.isEmpty() ? hears : checked(attempt, check.get(), hears)));
        warnings.add(List.of());
        boolean takesLong = stop.api() != api && request.body().length > QUICKLY_TRANSLATED;
        if (takesLong) {
            // The time that this takes is no provider's.
            engine.accept(new Signal.Paused(attempt));
            // In order, so that two attempts of a call do not read its request at the same time.
            around.vertx()
                    .executeBlocking(words::written)
                    .onSuccess(written -> {
                        engine.accept(new Signal.Resumed(attempt));
                        send(attempt, stop, written);
                    })
                    .onFailure(cause -> refuse(attempt, cause));
            return;
        }
        try {
            send(attempt, stop, words.written());
        } catch (RequestTranslator.CannotTranslate | RuntimeException cannot) {
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
        if (cause instanceof RequestTranslator.CannotTranslate cannot) {
            engine.accept(new Signal.Failed(attempt, cannot.failure()));
        } else {
            LOG.error("a request could not be put in a target's words", cause);
            engine.accept(new Signal.Failed(
                    attempt, Failure.of(FailureKind.UNSUPPORTED, "the request could not be put in its words")));
        }
    }

    private UpstreamAttempt upstreamAttempt(
            int attempt,
            PlannedCall.Stop stop,
            ResponseTranslator responseTranslator,
            StreamedAnswer.Maker streams,
            Consumer<Signal> hears) {
        return new UpstreamAttempt(
                around.vertx(),
                attempt,
                around.upstreamEndpoints().of(stop.route(), stop.api(), request.stream(), contentType),
                request.stream(),
                responseTranslator,
                streams,
                hears);
    }

    private Consumer<Signal> checked(int attempt, CallerDialectCheck each, Consumer<Signal> hears) {
        return new CheckedAnswer(
                around.vertx(),
                answer -> {
                    byte[] held = answer.held();
                    return () -> request.stream() ? each.ofStream(held) : each.ofWhole(held);
                },
                false,
                () -> of(attempt),
                hears);
    }

    /** JSON that two attempts made is whole only if it can be read. */
    private Consumer<Signal> checkedAsJson(int attempt, Consumer<Signal> hears) {
        return new CheckedAnswer(
                around.vertx(),
                answer -> {
                    String joined = ((StreamedAnswer) answer).wholeText();
                    return () -> wrongJson(joined);
                },
                true,
                () -> of(attempt),
                hears);
    }

    private Optional<Failure> wrongJson(String joined) {
        try {
            return ContinuedJson.of(translator.asChat()).check(joined);
        } catch (RequestTranslator.CannotTranslate unknownFormat) {
            return Optional.of(Failure.of(FailureKind.INVALID_OUTPUT, "JSON that was continued and cannot be checked"));
        }
    }
}
