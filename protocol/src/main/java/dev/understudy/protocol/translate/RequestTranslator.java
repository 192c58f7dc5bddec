package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ForeignResults;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.dialect.PassThroughToolNames;
import dev.understudy.protocol.dialect.RequestFitting;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.UniqueToolCalls;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Writes a caller's request for targets: passed through with only spans replaced where the target has the caller's dialect,
 * translated where it has another. Not safe for use by several threads at a time.
 */
public final class RequestTranslator {
    private static final Dialect CHAT = new OpenAiDialect();
    private static final String COMPLETIONS = new CompletionsDialect().name();

    /** The neutral form of a longer request is not kept: it takes many times the memory of the body. In bytes. */
    private static final int KEPT = 256 * 1024;

    /** What a value of a request takes in memory while it is translated, beside its text. In bytes. */
    private static final int MEMORY_PER_VALUE = 250;

    private static final int MEMORY_PER_BYTE = 4;

    /** While a request is passed through there are its body, the body that is sent, and one in between. */
    private static final long MOST_COPIES = 3;

    private final CallerRequest request;
    /** Read once, and only if a target has another dialect. */
    private Optional<NeutralRequest> neutral = Optional.empty();

    private final CallerToolNames toolNames = new CallerToolNames();

    public RequestTranslator(CallerRequest request) {
        this.request = request;
    }

    /**
     * The request for one target. A new array each time, so that nothing leaks from one target to the next.
     *
     * @param to the target's dialect
     * @param model as its provider calls it
     * @param overrides members of the caller's request that this target has of its own
     * @throws UntranslatableRequest if the request cannot be read, or not be written in that dialect
     */
    public WrittenRequest to(
            Dialect to, String model, ModelCapabilities capabilities, List<FallbackOptions.Override> overrides)
            throws UntranslatableRequest {
        if (to.name().equals(request.dialect().name())) {
            PassThroughEdits edits = request.editsFor(capabilities);
            return passedThrough(request.bodyFor(model, overrides, edits), to, capabilities)
                    .after(edits.warnings());
        }
        return written(neutral(to, overrides), to, model, capabilities);
    }

    /**
     * The request of a continuation.
     *
     * @param answer what the caller has received
     * @param form how the request presents that answer
     */
    public WrittenRequest continuation(
            Continuation answer,
            ContinuationForm form,
            Dialect to,
            String model,
            ModelCapabilities capabilities,
            List<FallbackOptions.Override> overrides)
            throws UntranslatableRequest {
        if (to.name().equals(COMPLETIONS) && request.dialect().name().equals(COMPLETIONS)) {
            try {
                return passedThrough(answer.promptBodyFor(members(request.body()), model, overrides), to, capabilities);
            } catch (BadRequest bad) {
                throw new UntranslatableRequest(bad);
            }
        }
        if (!to.name().equals(CHAT.name())) {
            return written(ContinuationRequest.with(neutral(to, overrides), answer, form), to, model, capabilities);
        }
        try {
            if (isChat()) {
                PassThroughEdits edits = request.editsFor(capabilities);
                byte[] body = edits.isEmpty() ? request.body() : request.bodyFor(model, List.of(), edits);
                return passedThrough(answer.bodyFor(members(body), model, overrides, form), to, capabilities)
                        .after(edits.warnings());
            }
            WrittenRequest chat = written(neutral(to, overrides), to, model, capabilities);
            return new WrittenRequest(answer.bodyFor(members(chat.body()), model, List.of(), form), chat.warnings());
        } catch (BadRequest bad) {
            throw new UntranslatableRequest(bad);
        }
    }

    private WrittenRequest passedThrough(byte[] body, Dialect to, ModelCapabilities capabilities) {
        Map<String, String> names =
                to.refusesOtherToolNames(capabilities) ? request.toolNamesBeyond(to.limits(capabilities)) : Map.of();
        names.forEach((callers, sent) -> toolNames.add(sent, callers));
        return to.passThrough(names.isEmpty() ? body : PassThroughToolNames.replaced(body, names), capabilities);
    }

    /** The members of the request as a chat completion, for checks that know only those. */
    public Members asChat() throws UntranslatableRequest {
        try {
            return members(
                    isChat()
                            ? request.body()
                            : written(
                                            neutral(CHAT, List.of()),
                                            CHAT,
                                            request.model().orElse("any"),
                                            ModelCapabilities.UNKNOWN)
                                    .body());
        } catch (BadRequest bad) {
            throw new UntranslatableRequest(bad);
        }
    }

    private static Members members(byte[] body) throws BadRequest {
        return Members.scan(body, BodyLimits.ofDefaults());
    }

    private boolean isChat() {
        return request.dialect().name().equals(CHAT.name());
    }

    private NeutralRequest neutral(Dialect to, List<FallbackOptions.Override> overrides) throws UntranslatableRequest {
        try {
            if (to.name().equals(request.dialect().name())) {
                return unique(request.neutral(overrides));
            }
            if (!overrides.isEmpty()) {
                return unique(request.portable(overrides));
            }
            if (neutral.isPresent()) {
                return neutral.get();
            }
            NeutralRequest read = unique(request.portable(List.of()));
            if (request.body().length <= KEPT) {
                neutral = Optional.of(read);
            }
            return read;
        } catch (BadRequest bad) {
            throw new UntranslatableRequest(bad);
        }
    }

    /** About how many bytes of memory a translation takes: a tree of many small values takes far more than their text. */
    public long memoryNeeded() {
        long values = 0;
        for (byte each : request.body()) {
            if (each == ',' || each == '{' || each == '[') {
                values++;
            }
        }
        return values * MEMORY_PER_VALUE + (long) request.body().length * MEMORY_PER_BYTE;
    }

    /** About how many bytes of memory it takes to write the request for a target of the same dialect: copies of its text. */
    public long memoryNeededToPass() {
        return MOST_COPIES * request.body().length;
    }

    private static NeutralRequest unique(NeutralRequest read) {
        return read.withTurns(UniqueToolCalls.in(read.turns()));
    }

    private WrittenRequest written(NeutralRequest wanted, Dialect to, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        stopIfCancelled();
        ForeignResults known = ForeignResults.asText(wanted, to.name());
        RequestFitting.Fitted fitted = RequestFitting.of(known.request(), to, capabilities);
        stopIfCancelled();
        fitted.callersNames().forEach(toolNames::add);
        return to.writeRequest(fitted.request(), model, capabilities)
                .after(fitted.warnings())
                .after(known.warnings());
    }

    /** A translation off the event loop is interrupted when its call is over; its result is not used. */
    private static void stopIfCancelled() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the call is over");
        }
    }

    /** The caller's names of the tools in answers to requests of this translator. */
    public CallerToolNames callersToolNames() {
        return toolNames;
    }
}
