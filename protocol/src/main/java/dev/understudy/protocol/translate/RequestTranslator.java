package dev.understudy.protocol.translate;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ForeignResults;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.UniqueToolCalls;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a caller's request for targets: passed through with only spans replaced where the target has the caller's dialect,
 * translated where it has another. Not safe for use by several threads at a time.
 */
public final class RequestTranslator {
    private static final Dialect CHAT = new OpenAiDialect();

    private final CallerRequest request;
    /** Read once, and only if a target has another dialect. */
    private Optional<NeutralRequest> neutral = Optional.empty();

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
            return to.passThrough(request.bodyFor(model, overrides), capabilities);
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
        if (!to.name().equals(CHAT.name())) {
            return written(ContinuationRequest.with(neutral(to, overrides), answer, form), to, model, capabilities);
        }
        try {
            if (isChat()) {
                return to.passThrough(answer.bodyFor(members(request.body()), model, overrides, form), capabilities);
            }
            WrittenRequest chat = written(neutral(to, overrides), to, model, capabilities);
            return new WrittenRequest(answer.bodyFor(members(chat.body()), model, List.of(), form), chat.warnings());
        } catch (BadRequest bad) {
            throw new UntranslatableRequest(bad);
        }
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
            if (neutral.isEmpty()) {
                neutral = Optional.of(unique(request.portable(List.of())));
            }
            return neutral.get();
        } catch (BadRequest bad) {
            throw new UntranslatableRequest(bad);
        }
    }

    private static NeutralRequest unique(NeutralRequest read) {
        List<Turn> turns = UniqueToolCalls.in(read.turns());
        return turns == read.turns() ? read : read.withTurns(turns);
    }

    private static WrittenRequest written(
            NeutralRequest request, Dialect to, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        ForeignResults fitted = ForeignResults.asText(request, to.name());
        WrittenRequest written = to.writeRequest(fitted.request(), model, capabilities);
        if (fitted.warnings().isEmpty()) {
            return written;
        }
        List<String> warnings = new ArrayList<>(fitted.warnings());
        warnings.addAll(written.warnings());
        return new WrittenRequest(written.body(), warnings);
    }
}
