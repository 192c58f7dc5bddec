package dev.understudy.protocol.translate;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.recovery.Continuation;
import dev.understudy.protocol.recovery.ContinuationForm;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Puts a caller's request to targets, each in its own language: the caller's very bytes where that is the same, and a
 * translation where it is not. Not for several threads at a time.
 */
public final class RequestTranslator {
    private static final Dialect CHAT = new OpenAiDialect();

    private final CallerRequest request;
    /** Read once, and only if somebody speaks another language. */
    private Optional<NeutralRequest> neutral = Optional.empty();

    public RequestTranslator(CallerRequest request) {
        this.request = request;
    }

    /** The request cannot be put to that target; the failure says why. */
    public static final class CannotTranslate extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Failure failure;

        private CannotTranslate(Failure failure) {
            super(failure.message(), null, false, false);
            this.failure = failure;
        }

        public Failure failure() {
            return failure;
        }
    }

    /**
     * The request for one target. A new array each time, so that nothing leaks from one target to the next.
     *
     * @param to the target's language
     * @param model as its provider calls it
     * @param overrides members of the caller's request that this target has of its own
     */
    public WrittenRequest to(
            Dialect to, String model, ModelCapabilities capabilities, List<FallbackOptions.Override> overrides)
            throws CannotTranslate {
        if (to.name().equals(request.dialect().name())) {
            return new WrittenRequest(to.withoutForeignThoughts(request.bodyFor(model, overrides), model), List.of());
        }
        return written(neutral(overrides), to, model, capabilities);
    }

    /**
     * The request that asks a target to go on with an answer.
     *
     * @param form how to ask
     */
    public WrittenRequest continuation(
            Continuation answer,
            ContinuationForm form,
            Dialect to,
            String model,
            ModelCapabilities capabilities,
            List<FallbackOptions.Override> overrides)
            throws CannotTranslate {
        if (!to.name().equals(CHAT.name())) {
            return written(ContinuationRequest.with(neutral(overrides), answer, form), to, model, capabilities);
        }
        try {
            if (isChat()) {
                return new WrittenRequest(answer.bodyFor(members(request.body()), model, overrides, form), List.of());
            }
            WrittenRequest chat = written(neutral(overrides), to, model, capabilities);
            return new WrittenRequest(answer.bodyFor(members(chat.body()), model, List.of(), form), chat.warnings());
        } catch (BadRequest bad) {
            throw refused(bad);
        }
    }

    /** The members of the request as a chat completion, for checks that know only those. */
    public Members asChat() throws CannotTranslate {
        try {
            return members(
                    isChat()
                            ? request.body()
                            : written(
                                            neutral(List.of()),
                                            CHAT,
                                            request.model().orElse("any"),
                                            ModelCapabilities.UNKNOWN)
                                    .body());
        } catch (BadRequest bad) {
            throw refused(bad);
        }
    }

    private static Members members(byte[] body) throws BadRequest {
        return Members.scan(body, BodyLimits.ofDefaults());
    }

    private boolean isChat() {
        return request.dialect().name().equals(CHAT.name());
    }

    private NeutralRequest neutral(List<FallbackOptions.Override> overrides) throws CannotTranslate {
        try {
            if (!overrides.isEmpty()) {
                return request.neutral(overrides);
            }
            if (neutral.isEmpty()) {
                neutral = Optional.of(request.neutral(List.of()));
            }
            return neutral.get();
        } catch (BadRequest bad) {
            throw refused(bad);
        }
    }

    private static WrittenRequest written(
            NeutralRequest request, Dialect to, String model, ModelCapabilities capabilities) throws CannotTranslate {
        try {
            return to.writeRequest(request, model, capabilities);
        } catch (UntranslatableRequest cannot) {
            throw new CannotTranslate(new Failure(
                    FailureKind.UNSUPPORTED,
                    0,
                    new ErrorDetails(
                            cannot.field() + ": " + cannot.getMessage(),
                            "invalid_request_error",
                            cannot.field(),
                            "unsupported"),
                    OptionalLong.empty()));
        }
    }

    private static CannotTranslate refused(BadRequest bad) {
        return new CannotTranslate(
                new Failure(FailureKind.BAD_REQUEST, bad.status(), bad.words(), OptionalLong.empty()));
    }
}
