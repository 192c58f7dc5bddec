package dev.understudy.protocol.dialect.passthrough;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.OpenAiErrorBody;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An API of OpenAI's that is not a conversation (embeddings, images, audio, moderations, reranking): passed through to
 * providers with the same API only, since there is nothing that it could be translated into.
 *
 * <p>Its errors are OpenAI's, unless another vendor's are stated. Its streams (of images and speech) are passed on event by event and end when they end.
 */
public final class PassThroughDialect implements Dialect {
    private final String name;
    private final Optional<Dialect> errors;

    /** @param name of the API, for warnings */
    public PassThroughDialect(String name) {
        this.name = name;
        this.errors = Optional.empty();
    }

    /**
     * An API of another vendor.
     *
     * @param errors the dialect in which its errors are written
     */
    public PassThroughDialect(String name, Dialect errors) {
        this.name = name;
        this.errors = Optional.of(errors);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }

    /** Its streams are forwarded without being parsed, so the end of a frame is unknown. */
    @Override
    public byte[] keepAlive() {
        return new byte[0];
    }

    @Override
    public RequestFacts facts(Members members, boolean stream) {
        int index = members.indexOf("stream");
        boolean context = index >= 0 && members.kind(index) == ValueKind.TRUE;
        return RequestFacts.builder().stream(context)
                .promptBytes(members.body().length)
                .build();
    }

    @Override
    public NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest {
        throw BadRequest.invalid(
                "model", "A request to " + name + " can only be sent to providers that have the same API.");
    }

    @Override
    public byte[] writeAnswer(NeutralAnswer answer, RequestContext context) {
        throw new IllegalStateException(name + " is not translated");
    }

    @Override
    public StreamWriter streamWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        throw new IllegalStateException(name + " is not translated");
    }

    @Override
    public byte[] writeError(ErrorResponse error) {
        return errors.map(dialect -> dialect.writeError(error)).orElseGet(() -> OpenAiErrorBody.json(error));
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error) {
        return errors.map(dialect -> dialect.writeStreamError(error)).orElseGet(() -> OpenAiErrorBody.event(error));
    }

    @Override
    public WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        throw new UntranslatableRequest("model", "the target does not support conversations, only requests to " + name);
    }

    @Override
    public NeutralAnswer readAnswer(byte[] array, int offset, int length) throws InvalidAnswer {
        throw InvalidAnswer.malformed(name + " returns no text");
    }

    @Override
    public StreamReader streamReader() {
        return new StreamReader() {
            @Override
            public boolean read(Frame frame, Consumer<StreamEvent> to) {
                return true;
            }

            @Override
            public StreamPosition position() {
                return StreamPosition.START;
            }
        };
    }
}
