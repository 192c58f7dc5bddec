package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.chat.ChatErrorBody;
import dev.understudy.protocol.chat.ReasoningChoice;
import dev.understudy.protocol.chat.RequestFacts;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestContext;
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

/** Chat Completions: what OpenAI invented and nearly everybody speaks. */
public final class OpenAiDialect implements Dialect {
    static final String NAME = "openai";

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
        return RequestFacts.of(members).reasoning(reasoning(members));
    }

    @Override
    public ReasoningChoice reasoning(Members members) {
        return ReasoningFacts.of(members);
    }

    @Override
    public NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest {
        return RequestReader.read(body);
    }

    @Override
    public byte[] writeAnswer(NeutralAnswer answer, RequestContext context) {
        return AnswerWriter.write(answer, context);
    }

    @Override
    public StreamWriter streamWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        return new FrameWriter(context, resumePoint);
    }

    @Override
    public byte[] writeError(ErrorResponse error) {
        return ChatErrorBody.json(error.words(), error.attempts());
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error) {
        return ChatErrorBody.event(error.words(), error.attempts());
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
