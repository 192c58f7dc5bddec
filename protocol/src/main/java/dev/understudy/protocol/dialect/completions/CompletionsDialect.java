package dev.understudy.protocol.dialect.completions;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.OpenAiErrorBody;
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
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The legacy Completions API: the caller gives a text, and the model continues it. Errors are those of Chat Completions. */
public final class CompletionsDialect implements Dialect {
    static final String NAME = "completions";

    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }

    @Override
    public byte[] forgottenEnd() {
        return DONE.clone();
    }

    @Override
    public RequestFacts facts(Members members, boolean stream) throws BadRequest {
        return RequestReader.facts(members);
    }

    @Override
    public NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest {
        return RequestReader.read(body);
    }

    @Override
    public byte[] writeAnswer(NeutralAnswer answer, RequestContext context) {
        return Completion.write(answer, context);
    }

    @Override
    public StreamWriter streamWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        return new FrameWriter(context, resumePoint);
    }

    @Override
    public byte[] writeError(ErrorResponse error) {
        return OpenAiErrorBody.json(error);
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error) {
        return OpenAiErrorBody.event(error);
    }

    @Override
    public WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return RequestWriter.write(request, model, capabilities);
    }

    @Override
    public NeutralAnswer readAnswer(byte[] array, int offset, int length) throws InvalidAnswer {
        return Completion.answer(array, offset, length);
    }

    @Override
    public StreamReader streamReader() {
        return new FrameReader();
    }
}
