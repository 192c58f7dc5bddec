package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.ForeignReasoningFilter;
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
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The Messages API of Anthropic, as version {@code 2023-06-01} of it stands today. */
public final class AnthropicDialect implements Dialect {
    static final String NAME = "anthropic";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
    }

    @Override
    public boolean endsWithDone() {
        return true;
    }

    /** As the vendor sends it: some clients measure idleness by events, and see no comments. */
    @Override
    public byte[] keepAlive() {
        return "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    /** Its own {@code fallbacks} name models of Anthropic's that stand in for one another there. */
    @Override
    public boolean hasOfItsOwn(String member) {
        return member.equals("fallbacks");
    }

    @Override
    public RequestFacts facts(Members members, boolean stream) throws BadRequest {
        return Facts.of(members).reasoning(reasoning(members));
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
        return ErrorWriter.body(error);
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error) {
        return ErrorWriter.event(error);
    }

    /** Its own are signed, all of them. */
    @Override
    public byte[] withoutForeignThoughts(byte[] body, String model) {
        return ForeignReasoningFilter.mayBeIn(body, "\"signature\":\"\"")
                        || ForeignReasoningFilter.mayBeIn(body, "\"signature\": \"\"")
                ? ForeignReasoningFilter.without(
                        body,
                        "messages",
                        block -> block.path("type").asText("").equals("thinking")
                                && block.path("signature").asText("").isEmpty())
                : body;
    }

    @Override
    public WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return new RequestWriter(request, model, capabilities).written();
    }

    @Override
    public NeutralAnswer readAnswer(byte[] array, int offset, int length) throws InvalidAnswer {
        return new AnswerReader().read(array, offset, length);
    }

    @Override
    public StreamReader streamReader() {
        return new FrameReader();
    }
}
