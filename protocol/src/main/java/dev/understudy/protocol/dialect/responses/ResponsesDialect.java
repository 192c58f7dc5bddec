package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.ForeignReasoningFilter;
import dev.understudy.protocol.dialect.Framing;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.PassThroughEdits;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.TargetLimits;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.ByteSearch;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.util.List;
import java.util.Optional;

/** OpenAI's Responses API. */
public final class ResponsesDialect implements Dialect {
    /** Its name in configuration, warnings and origins. */
    public static final String NAME = "openai-responses";

    /** @see <a href="https://platform.openai.com/docs/api-reference/responses/create">Create a model response</a> */
    static final TargetLimits LIMITS =
            new TargetLimits(64, TargetLimits.PLAIN_NAME, ModelTraits.MOST_TOOLS_OF_OPENAI, false, true);

    /** How deep objects and arrays may be nested in an answer, which repeats the request's tools with their schemas. */
    static final int MAX_DEPTH = 512;

    /** It has no state. */
    public ResponsesDialect() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Framing framing() {
        return Framing.SSE;
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
        return writeStreamError(error, StreamPosition.START);
    }

    @Override
    public byte[] writeStreamError(ErrorResponse error, StreamPosition reached) {
        return ErrorWriter.event(error, reached.sequence() + 1);
    }

    /** OpenAI knows its own reasoning by its id, or has encrypted it; ids made here end with their position. */
    @Override
    public WrittenRequest passThrough(byte[] body, ModelCapabilities capabilities) {
        byte[] fitted = ByteSearch.mayBeIn(body, "\"rs_")
                ? ForeignReasoningFilter.without(
                        body,
                        "input",
                        item -> item.path("type").asText("").equals("reasoning")
                                && item.path("encrypted_content").asText("").isEmpty()
                                && (Output.ItemIds.isOurs(item.path("id").asText("")) || isBroken(item)))
                : body;
        return new WrittenRequest(fitted, List.of());
    }

    /** Reasoning of an attempt that failed: its vendor has no such item. */
    private static boolean isBroken(JsonNode item) {
        return item.path("status").asText("").equals("incomplete");
    }

    @Override
    public PassThroughEdits passThroughEdits(Members members, ModelCapabilities capabilities) {
        return PassThroughLimits.edits(members, capabilities);
    }

    @Override
    public TargetLimits limits(ModelCapabilities capabilities) {
        return LIMITS;
    }

    @Override
    public boolean refusesOtherToolNames(ModelCapabilities capabilities) {
        return capabilities.traits().service() == ModelTraits.Vendor.OPENAI;
    }

    @Override
    public WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        return RequestWriter.write(request, model, capabilities);
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
