package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.util.Optional;

/**
 * Google's {@code generateContent} and {@code streamGenerateContent}.
 *
 * <p>The model and whether the answer is streamed stand in the address, not in the body. A stream has no terminal event:
 * it is complete when its body ends after a {@code finishReason}.
 */
public final class GeminiDialect implements Dialect {
    /** The name in settings, warnings and origins. */
    static final String NAME = "gemini";

    private final Form form;

    /** For callers who want events. */
    public GeminiDialect() {
        this(Form.EVENTS);
    }

    /** @param form how streams are written; they are always read as events */
    public GeminiDialect(Form form) {
        this.form = form;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }

    /** Events come from everybody; who wants an array gets it from nobody but us. */
    @Override
    public boolean takesStreamsOf(Dialect other) {
        return form == Form.EVENTS && other.name().equals(NAME);
    }

    /** Google's own SDK for Python takes each line for JSON, and an array has no room for comments at all. */
    @Override
    public byte[] remark(String text) {
        return new byte[0];
    }

    @Override
    public RequestFacts facts(Members members, boolean stream) throws BadRequest {
        return new FactsReader(members, stream).facts().reasoning(reasoning(members));
    }

    @Override
    public ReasoningChoice reasoning(Members members) {
        return ReasoningFacts.of(members);
    }

    @Override
    public NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest {
        return RequestReader.read(body, stream);
    }

    @Override
    public byte[] writeAnswer(NeutralAnswer answer, RequestContext context) {
        return AnswerWriter.write(answer, context);
    }

    @Override
    public StreamWriter streamWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        return new FrameWriter(form, context, resumePoint);
    }

    @Override
    public byte[] writeError(ErrorResponse error) {
        return ErrorWriter.body(form, error);
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error) {
        return ErrorWriter.lastFrame(form, error);
    }

    @Override
    public WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return new RequestWriter(request, model, capabilities).write();
    }

    @Override
    public NeutralAnswer readAnswer(byte[] array, int offset, int length) throws InvalidAnswer {
        return AnswerReader.read(array, offset, length);
    }

    @Override
    public StreamReader streamReader() {
        return new FrameReader();
    }
}
