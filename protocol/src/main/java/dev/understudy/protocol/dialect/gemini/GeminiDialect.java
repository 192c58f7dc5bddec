package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
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
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Google's {@code generateContent} and {@code streamGenerateContent}.
 *
 * <p>The model and streaming are in the path, not in the body. A stream has no terminal event: it is complete when its
 * body ends after a {@code finishReason}.
 */
public final class GeminiDialect implements Dialect {
    /** Its name in configuration, warnings and origins. */
    public static final String NAME = "gemini";

    /** @see <a href="https://ai.google.dev/api/caching#FunctionDeclaration">Gemini API: FunctionDeclaration</a> */
    private static final TargetLimits LIMITS = new TargetLimits(
            Integer.MAX_VALUE, Pattern.compile("[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}"), Integer.MAX_VALUE, true, false);

    private final StreamForm form;

    /** For callers of server-sent events. */
    public GeminiDialect() {
        this(StreamForm.EVENTS);
    }

    /** @param form how streams are written; upstream streams are always server-sent events */
    public GeminiDialect(StreamForm form) {
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

    /** Upstream streams are server-sent events; the array is made only here. */
    @Override
    public boolean takesStreamsOf(Dialect other) {
        return form == StreamForm.EVENTS && other.name().equals(NAME);
    }

    /** Google's SDK for Python parses each line as JSON, and an array has no place for comments. */
    @Override
    public byte[] remark(String text) {
        return new byte[0];
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
    public TargetLimits limits(ModelCapabilities capabilities) {
        return LIMITS;
    }

    @Override
    public boolean refusesOtherToolNames(ModelCapabilities capabilities) {
        return capabilities.traits().service() == ModelTraits.Vendor.GOOGLE;
    }

    @Override
    public WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return new RequestWriter(request, capabilities).write();
    }

    @Override
    public NeutralAnswer readAnswer(byte[] array, int offset, int length) throws InvalidAnswer {
        return AnswerReader.read(array, offset, length);
    }

    @Override
    public StreamReader streamReader() {
        return new FrameReader();
    }

    /** The two forms in which {@code streamGenerateContent} sends its chunks to a caller. */
    public enum StreamForm {
        /** Server-sent events: {@code ?alt=sse}. */
        EVENTS,
        /** One JSON array that grows: the default. */
        ARRAY
    }

    /** The answer's id; without one, an id by which clients recognize the chunks of a stream. */
    static String answerId(String given, RequestContext context) {
        return given.isEmpty()
                ? "resp-" + Long.toHexString(context.now()) + Integer.toHexString(Arrays.hashCode(context.body()))
                : given;
    }
}
