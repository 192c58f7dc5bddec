package dev.understudy.gateway.trace;

import dev.understudy.calls.record.FinishedCall;
import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.model.ModelPrice;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Turns the record of a call into spans: one for the call, and below it one for each attempt. They have nothing of the conversation,
 * and no error messages, which may quote it.
 *
 * <p>The numbers of tokens are attributes of the attempt that answered, and not of the call too: systems that add them up over all
 * spans would count them twice.
 *
 * @param resource what sends the spans
 * @param providers the name of a configured provider in OpenTelemetry's conventions
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">Semantic conventions for generative AI</a>
 */
record CallSpans(Resource resource, UnaryOperator<String> providers) {
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    private static final AttributeKey<String> ANSWERED_MODEL = AttributeKey.stringKey("gen_ai.response.model");
    private static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    private static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
    private static final AttributeKey<Long> OUTPUT = AttributeKey.longKey("gen_ai.usage.output_tokens");
    private static final AttributeKey<Long> CACHED = AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");

    private static final AttributeKey<String> CALL = AttributeKey.stringKey("understudy.call.id");
    private static final AttributeKey<String> CALLER = AttributeKey.stringKey("understudy.caller");
    private static final AttributeKey<Boolean> STREAM = AttributeKey.booleanKey("understudy.stream");
    private static final AttributeKey<String> ENDING = AttributeKey.stringKey("understudy.ending");
    private static final AttributeKey<String> TARGET = AttributeKey.stringKey("understudy.target");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("understudy.outcome");
    private static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("understudy.attempts");
    private static final AttributeKey<String> KIND = AttributeKey.stringKey("understudy.attempt.kind");
    private static final AttributeKey<Long> NUMBER = AttributeKey.longKey("understudy.attempt.number");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("understudy.reason");
    private static final AttributeKey<String> GROUP = AttributeKey.stringKey("understudy.group");
    private static final AttributeKey<String> CHOSEN = AttributeKey.stringKey("understudy.chosen");
    private static final AttributeKey<String> DRILL = AttributeKey.stringKey("understudy.drill");
    private static final AttributeKey<Double> COST = AttributeKey.doubleKey("understudy.cost_usd");

    private static final String OK = "ok";
    private static final String CANCELLED = "cancelled";

    /**
     * The spans of a call.
     *
     * @param endedAt when the call ended
     */
    List<SpanData> of(FinishedCall call, TracedCall trace, Instant endedAt) {
        long end = TimeUnit.SECONDS.toNanos(endedAt.getEpochSecond()) + endedAt.getNano();
        long start = end - call.measurements().duration();
        List<SpanData> spans = new ArrayList<>(1 + call.outcome().trail().size());
        spans.add(call(call, trace, start, end));
        call.outcome().trail().stream()
                .filter(TrailEntry::isAttempt)
                .forEach(entry -> spans.add(attempt(call, entry, trace, start)));
        return spans;
    }

    private SpanData call(FinishedCall call, TracedCall trace, long start, long end) {
        FinishedCall.Request request = call.request();
        FinishedCall.Outcome outcome = call.outcome();
        String word = outcome(outcome);
        boolean failed =
                outcome.ending() == FinishedCall.Ending.FAILED || outcome.ending() == FinishedCall.Ending.BROKEN_OFF;
        AttributesBuilder attributes = Attributes.builder()
                .put(OPERATION, trace.operation())
                .put(MODEL, request.model())
                .put(CALL, request.id())
                .put(STREAM, request.streaming())
                .put(ENDING, outcome.ending().wireName())
                .put(OUTCOME, word)
                .put(
                        ATTEMPTS,
                        outcome.trail().stream().filter(TrailEntry::isAttempt).count());
        putIfSet(attributes, CALLER, request.caller());
        putIfSet(attributes, TARGET, outcome.answeredBy());
        report(attributes, call.measurements().report());
        if (outcome.status() > 0) {
            attributes.put(STATUS, (long) outcome.status());
        }
        if (failed) {
            attributes.put(ERROR, word);
        }
        return new FinishedSpan(
                trace.operation() + " " + request.model(),
                SpanKind.SERVER,
                trace.call(),
                trace.parent(),
                resource,
                failed ? StatusData.error() : StatusData.unset(),
                start,
                end,
                attributes.build(),
                events(outcome.trail(), trace, start, end));
    }

    private static String outcome(FinishedCall.Outcome outcome) {
        return switch (outcome.ending()) {
            case ANSWERED -> OK;
            case CALLER_LEFT -> CANCELLED;
            case FAILED, BROKEN_OFF ->
                outcome.verdict()
                        .map(verdict -> verdict.shown().kind())
                        .orElse(FailureKind.SERVER_ERROR)
                        .wireName();
        };
    }

    private SpanData attempt(FinishedCall call, TrailEntry entry, TracedCall trace, long callStart) {
        String target = entry.target();
        int slash = target.indexOf('/');
        String model = target.substring(slash + 1);
        // An attempt that still runs when the call ends is cancelled in the same step.
        String outcome = entry.state() == TrailEntry.State.RUNNING ? CANCELLED : entry.outcome();
        AttributesBuilder attributes = Attributes.builder()
                .put(OPERATION, trace.operation())
                .put(PROVIDER, providers.apply(target.substring(0, Math.max(0, slash))))
                .put(MODEL, model)
                .put(TARGET, target)
                .put(NUMBER, (long) entry.attempt())
                .put(KIND, entry.attemptKind().wireName())
                .put(OUTCOME, outcome);
        putIfSet(attributes, DRILL, entry.drill());
        entry.choice().ifPresent(choice -> {
            attributes.put(GROUP, choice.group());
            putIfSet(attributes, CHOSEN, choice.reason());
        });
        boolean failed = entry.state() == TrailEntry.State.FAILED;
        entry.failure().filter(failure -> failed).ifPresent(failure -> {
            attributes.put(ERROR, failure.kind().wireName());
            if (failure.status() > 0) {
                attributes.put(STATUS, (long) failure.status());
            }
        });
        if (entry.state() == TrailEntry.State.ANSWERED
                && target.equals(call.outcome().answeredBy())) {
            answered(attributes, call.measurements());
        }
        long start = callStart + entry.start();
        return new FinishedSpan(
                trace.operation() + " " + model,
                SpanKind.CLIENT,
                trace.attempt(entry.attempt()),
                trace.call(),
                resource,
                failed ? StatusData.error() : StatusData.unset(),
                start,
                start + entry.duration(),
                attributes.build(),
                List.of());
    }

    private static void answered(AttributesBuilder attributes, FinishedCall.Measurements measured) {
        report(attributes, measured.report());
        measured.usage().promptTokens().ifPresent(count -> attributes.put(INPUT, count));
        measured.usage().completionTokens().ifPresent(count -> attributes.put(OUTPUT, count));
        measured.usage().cachedTokens().ifPresent(count -> attributes.put(CACHED, count));
        measured.cost()
                .ifPresent(picodollars ->
                        attributes.put(COST, ModelPrice.dollars(picodollars).doubleValue()));
    }

    private static void report(AttributesBuilder attributes, AnswerReport report) {
        putIfSet(attributes, ANSWERED_MODEL, report.model());
        if (!report.finishReason().isEmpty()) {
            attributes.put(FINISH_REASONS, List.of(report.finishReason()));
        }
    }

    /** What happened in the call beside its attempts, by time. A skip has the time at which the trail continues. */
    private static List<EventData> events(List<TrailEntry> trail, TracedCall trace, long start, long end) {
        List<EventData> events = new ArrayList<>();
        long next = end;
        for (TrailEntry entry : trail.reversed()) {
            if (!entry.isAttempt()) {
                events.add(EventData.create(
                        next, "understudy.skip", Attributes.of(TARGET, entry.target(), REASON, entry.reason())));
                continue;
            }
            next = start + entry.start();
            if (entry.attemptKind() == AttemptKind.HEDGE) {
                events.add(EventData.create(next, "understudy.hedge", named(entry)));
            }
        }
        for (TracedCall.Commit commit : trace.commits()) {
            Optional<TrailEntry> of = trail.stream()
                    .filter(entry -> entry.attempt() == commit.attempt())
                    .findFirst();
            of.ifPresent(entry -> events.add(EventData.create(
                    start + commit.after(),
                    entry.attemptKind().isRecovery() ? "understudy.seam" : "understudy.commit",
                    named(entry))));
        }
        events.sort(Comparator.comparingLong(EventData::getEpochNanos));
        return events;
    }

    private static Attributes named(TrailEntry entry) {
        return Attributes.of(
                TARGET,
                entry.target(),
                NUMBER,
                (long) entry.attempt(),
                KIND,
                entry.attemptKind().wireName());
    }

    private static void putIfSet(AttributesBuilder attributes, AttributeKey<String> key, String value) {
        if (!value.isEmpty()) {
            attributes.put(key, value);
        }
    }
}
