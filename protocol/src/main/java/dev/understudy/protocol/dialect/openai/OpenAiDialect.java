package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.OpenAiErrorBody;
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
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** OpenAI's Chat Completions, which most other providers offer too. */
public final class OpenAiDialect implements Dialect {
    public static final String NAME = "openai";

    private static final ToolCallIds.Rule TOOL_CALL_IDS =
            new ToolCallIds.Rule(Pattern.compile("[a-zA-Z0-9_-]{1,40}"), "call_", 24);
    /** @see <a href="https://platform.openai.com/docs/api-reference/chat/create">Create chat completion</a> */
    static final TargetLimits OPENAI =
            new TargetLimits(64, TargetLimits.PLAIN_NAME, ModelTraits.MOST_TOOLS_OF_OPENAI, false, true);

    /** Other servers publish fewer limits; a short user and a plain name are accepted by all of them. */
    private static final TargetLimits OTHERS =
            new TargetLimits(64, TargetLimits.PLAIN_NAME, Integer.MAX_VALUE, true, true);

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
    public NeutralRequest readPortableRequest(byte[] body, boolean stream) throws BadRequest {
        return RequestReader.readPortable(body);
    }

    /** OpenAI refuses longer ids. */
    @Override
    public ToolCallIds.Rule toolCallIds() {
        return TOOL_CALL_IDS;
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
        return OpenAiErrorBody.json(error);
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error) {
        return OpenAiErrorBody.event(error);
    }

    @Override
    public WrittenRequest passThrough(byte[] body, ModelCapabilities capabilities) {
        return new WrittenRequest(ChatHistory.fitted(body, capabilities), List.of());
    }

    @Override
    public PassThroughEdits passThroughEdits(Members members, ModelCapabilities capabilities) {
        return PassThroughLimits.edits(members, capabilities);
    }

    @Override
    public TargetLimits limits(ModelCapabilities capabilities) {
        return ModelFamily.of(capabilities.traits()).isOpenAi() ? OPENAI : OTHERS;
    }

    /** Other servers accept any name, or their rules are not published. */
    @Override
    public boolean refusesOtherToolNames(ModelCapabilities capabilities) {
        return switch (ModelFamily.of(capabilities.traits())) {
            case OPENAI, OPENAI_REASONING, MISTRAL, DEEPSEEK -> true;
            case INTERLEAVED, GEMINI, OTHER -> false;
        };
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
    public void readAnswerFacts(byte[] array, int offset, int length, AnswerFacts facts) throws InvalidAnswer {
        AnswerReader.readFacts(array, offset, length, facts);
    }

    @Override
    public StreamReader streamReader() {
        return new FrameReader();
    }
}
