package dev.understudy.protocol.dialect;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.AnswerEvents;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A vendor's wire format, for callers and for targets.
 *
 * <p>Each dialect is a folder below this one with the same classes: {@code RequestFactsReader}, {@code RequestReader},
 * {@code RequestWriter}, {@code AnswerReader}, {@code AnswerWriter}, {@code FrameReader} (a {@link StreamReader}),
 * {@code FrameWriter} (a {@link StreamWriter}), {@code FinishReasons}, {@code UsageReader}, {@code ErrorWriter}, and a
 * public class that provides them, such as {@code AnthropicDialect}. What they share is in this folder: {@link
 * RequestFactsTable}, {@link JsonFields}, {@link ToolCallIds}, {@link ToolArguments}. How each field is translated is
 * documented in {@code docs/translation.md}.
 *
 * <p>A dialect has no state: one object serves all calls. Readers and writers of streams have state and are made for
 * each stream.
 */
public interface Dialect {

    /** Its name in configuration, warnings and {@code origin}s. */
    String name();

    /** How its streams are divided into frames. */
    Framing framing();

    /**
     * Whether its streams end with a frame of their own ({@code message_stop}); a stream without it is truncated even
     * if it has a finish reason. OpenAI's {@code [DONE]} does not count: it is often missing.
     */
    default boolean endsWithDone() {
        return false;
    }

    /** Whether a stream of the other dialect can be passed through to a caller of this one. */
    default boolean takesStreamsOf(Dialect other) {
        return name().equals(other.name());
    }

    /** The end of a stream whose answer is complete, for providers that forget it. */
    default byte[] forgottenEnd() {
        return new byte[0];
    }

    /**
     * A comment between two frames of a stream, which clients ignore; empty where there is no form for one.
     *
     * @param text without line breaks
     */
    default byte[] remark(String text) {
        return framing() == Framing.SSE ? (": " + text + "\n\n").getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    /**
     * A keep-alive for a caller that waits for a stream or for more of it; empty where its clients cannot ignore one.
     * It may be sent before the first frame and between any two frames, never inside one.
     */
    default byte[] keepAlive() {
        return remark("keep-alive");
    }

    // For callers of this dialect.

    /**
     * Whether a member that is also a fallback option has a meaning of its own in this dialect, so that it is forwarded
     * and not read as an option: Anthropic's {@code fallbacks}.
     */
    default boolean hasOfItsOwn(String member) {
        return false;
    }

    /**
     * The facts that decide how a call is handled, read without parsing the conversation.
     *
     * @param members of the body
     * @param stream whether the path asks for a stream, for dialects whose bodies do not say
     * @throws BadRequest if a required member is missing or of the wrong type
     */
    RequestFacts facts(Members members, boolean stream) throws BadRequest;

    /**
     * Whether members of a request ask for reasoning before the answer.
     *
     * @param members of a body, or only those that a target adds to it
     */
    default ReasoningChoice reasoning(Members members) {
        return ReasoningChoice.UNSAID;
    }

    /**
     * Reads the whole request, for translation.
     *
     * @param body a JSON object of bounded depth, without fallback options
     * @param stream as in {@link #facts}
     * @throws BadRequest if it is invalid; the error names the member
     */
    NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest;

    /**
     * Reads the whole request for a target of another dialect: tools that only this dialect has are expressed as functions
     * where that is possible, and a call of such a function comes back to the caller as a call of its tool.
     *
     * @param body as in {@link #readRequest}
     * @throws BadRequest if it is invalid; the error names the member
     */
    default NeutralRequest readPortableRequest(byte[] body, boolean stream) throws BadRequest {
        return readRequest(body, stream);
    }

    /** The ids of tool calls that a caller of this dialect can send back to the vendors of this dialect. */
    default ToolCallIds.Rule toolCallIds() {
        return ToolCallIds.Rule.PLAIN;
    }

    /**
     * Whether the arguments of a tool call are an object in a whole answer, and not its text. Such a dialect cannot express
     * arguments that were cut off.
     */
    default boolean hasArgumentObjects() {
        return false;
    }

    /**
     * Whether the blocks of a stream follow one another, so that a tool call cannot be continued behind content that came within
     * it.
     */
    default boolean writesBlocksInTurn() {
        return false;
    }

    /** Writes a whole answer for a caller of this dialect. */
    byte[] writeAnswer(NeutralAnswer answer, RequestContext context);

    /**
     * Writes a stream for a caller of this dialect.
     *
     * @param resumePoint where the stream of another attempt failed, if this stream continues it
     */
    StreamWriter streamWriter(RequestContext context, Optional<ResumePoint> resumePoint);

    /** An error as the body of a response. */
    byte[] writeError(ErrorResponse error);

    /**
     * An error as the last frame of a stream.
     *
     * @param reached how far the caller's stream has come
     */
    default byte[] writeStreamError(ErrorResponse error, StreamPosition reached) {
        return writeStreamError(error);
    }

    /** An error as the only frame of a stream, or for dialects whose frames are not numbered. */
    byte[] writeStreamError(ErrorResponse error);

    // For targets of this dialect.

    /**
     * A request of this dialect for a target of the same dialect: unchanged, the same array, but for what answers of other
     * vendors have left in its conversation and the vendor would refuse, and for settings that it would refuse because of
     * them.
     *
     * @param capabilities what is known of the model
     */
    default WrittenRequest passThrough(byte[] body, ModelCapabilities capabilities) {
        return new WrittenRequest(body, List.of());
    }

    /**
     * What a vendor of this dialect refuses of a request of the same dialect, and what is sent in its place. Most requests
     * are passed through as they are.
     *
     * @param members of the caller's body
     * @param capabilities what is known of the model
     */
    default PassThroughEdits passThroughEdits(Members members, ModelCapabilities capabilities) {
        return PassThroughEdits.NONE;
    }

    /**
     * The limits that vendors of this dialect publish for requests.
     *
     * @param capabilities what is known of the model
     */
    default TargetLimits limits(ModelCapabilities capabilities) {
        return TargetLimits.NONE;
    }

    /**
     * Whether the vendor is known to refuse names of functions that are beyond its {@linkplain #limits limits}. A request of this
     * dialect has other names then.
     *
     * @param capabilities what is known of the model
     */
    default boolean refusesOtherToolNames(ModelCapabilities capabilities) {
        return false;
    }

    /**
     * Writes the request for a target of this dialect, within its {@linkplain #limits limits}.
     *
     * @param model the provider's name for it
     * @param capabilities what is known of the model
     * @throws UntranslatableRequest if the request cannot be expressed in this dialect, or for this model, without
     *     changing its meaning
     */
    WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest;

    /**
     * Reads a whole answer of a 2xx response.
     *
     * @throws InvalidAnswer if it is an error, or no answer of this dialect
     */
    NeutralAnswer readAnswer(byte[] array, int offset, int length) throws InvalidAnswer;

    /**
     * Reads a whole answer that is passed through as it came, of which only the facts are of interest.
     *
     * @throws InvalidAnswer as in {@link #readAnswer}
     */
    default void readAnswerFacts(byte[] array, int offset, int length, AnswerFacts facts) throws InvalidAnswer {
        AnswerEvents.tell(readAnswer(array, offset, length), facts::take);
    }

    /** Reads a stream of this dialect. */
    StreamReader streamReader();
}
