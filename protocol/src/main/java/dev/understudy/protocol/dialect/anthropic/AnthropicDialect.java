package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.ClaudeSampling;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.TargetLimits;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Anthropic's Messages API, version {@code 2023-06-01}. */
public final class AnthropicDialect implements Dialect {
    public static final String NAME = "anthropic";

    /** @see <a href="https://platform.claude.com/docs/en/api/messages/create">Create a message</a> */
    private static final TargetLimits LIMITS =
            new TargetLimits(256, Pattern.compile("[a-zA-Z0-9_-]{1,128}"), Integer.MAX_VALUE, false, true);

    /** How deep objects and arrays may be nested in an answer; deeper ones are an attack. */
    static final int MAX_DEPTH = 256;

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

    /** A ping as the vendor sends it: some clients measure idle time by events and do not see comments. */
    @Override
    public byte[] keepAlive() {
        return "event: ping\ndata: {\"type\": \"ping\"}\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    /** Anthropic's own {@code fallbacks} name models that replace one another at Anthropic. */
    @Override
    public boolean hasOfItsOwn(String member) {
        return member.equals("fallbacks");
    }

    @Override
    public RequestFacts facts(Members members, boolean stream) throws BadRequest {
        return RequestFactsReader.facts(members);
    }

    @Override
    public ReasoningChoice reasoning(Members members) {
        return RequestFactsReader.reasoning(members);
    }

    @Override
    public NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest {
        return RequestReader.read(body);
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
        return capabilities.traits().vendor() == ModelTraits.Vendor.ANTHROPIC;
    }

    @Override
    public PassThroughEdits passThroughEdits(Members members, ModelCapabilities capabilities) {
        return ClaudeSampling.edits(members, capabilities.traits());
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

    /** The answer's id; without one, an id that is always the same for the same request. */
    static String answerId(String given, RequestContext context) {
        if (!given.isEmpty()) {
            return given;
        }
        byte[] seed = ByteBuffer.allocate(context.body().length + Long.BYTES)
                .put(context.body())
                .putLong(context.now())
                .array();
        return "msg_" + ToolCallIds.hash(seed, 32);
    }

    /** A call's id; without one, an id from the message's and the call's position. */
    static String toolCallId(String given, String message, int call) {
        return given.isEmpty() ? "toolu_" + ToolCallIds.plain(message) + "_" + call : given;
    }
}
