package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.dialect.ClaudeSampling;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.TargetLimits;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.util.List;
import java.util.Optional;

/**
 * Amazon Bedrock's Converse and ConverseStream, which serve all of its models. Model and streaming are in the path, not
 * in the body.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">Converse</a>
 */
public final class BedrockDialect implements Dialect {
    static final String NAME = "bedrock";

    /** @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html">Names</a> */
    private static final TargetLimits LIMITS =
            new TargetLimits(Integer.MAX_VALUE, TargetLimits.PLAIN_NAME, Integer.MAX_VALUE, false, true);

    /** The {@code type} of a tool use that Amazon runs itself. Any other type, {@code tool_use} or none, is the caller's tool. */
    private static final String SERVER_TOOL_USE = "server_tool_use";

    /** Whether a {@code toolUse} of this type calls a tool that the provider runs. */
    static boolean isProviderTool(String type) {
        return type.equals(SERVER_TOOL_USE);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Framing framing() {
        return Framing.EVENT_STREAM;
    }

    @Override
    public RequestFacts facts(Members members, boolean stream) throws BadRequest {
        return RequestFactsReader.facts(members, stream);
    }

    @Override
    public ReasoningChoice reasoning(Members members) {
        return RequestFactsReader.reasoning(members);
    }

    @Override
    public NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest {
        return RequestReader.read(body, stream);
    }

    @Override
    public boolean hasArgumentObjects() {
        return true;
    }

    @Override
    public boolean writesBlocksInTurn() {
        return true;
    }

    @Override
    public byte[] writeAnswer(NeutralAnswer answer, RequestContext context) {
        return AnswerWriter.write(answer);
    }

    @Override
    public StreamWriter streamWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        return new FrameWriter(resumePoint);
    }

    @Override
    public byte[] writeError(ErrorResponse error) {
        return ErrorWriter.body(error);
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error) {
        return ErrorWriter.frame(error);
    }

    /** The exception name of an error, for the response header {@code x-amzn-errortype}. */
    public static String errorType(ErrorResponse error) {
        return ErrorWriter.type(error);
    }

    @Override
    public WrittenRequest passThrough(byte[] body, ModelCapabilities capabilities) {
        return PassThroughRequest.fitted(body, capabilities);
    }

    @Override
    public TargetLimits limits(ModelCapabilities capabilities) {
        return LIMITS;
    }

    @Override
    public boolean refusesOtherToolNames(ModelCapabilities capabilities) {
        return true;
    }

    /** The settings are in an object of their own, and those that only Claude has are in another. */
    @Override
    public PassThroughEdits passThroughEdits(Members members, ModelCapabilities capabilities) {
        return ClaudeSampling.editsWithin(
                List.of("inferenceConfig", "additionalModelRequestFields"), members, capabilities.traits());
    }

    @Override
    public WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return new RequestWriter(request, capabilities).written();
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
