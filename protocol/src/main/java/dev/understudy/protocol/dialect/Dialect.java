package dev.understudy.protocol.dialect;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.AnswerEvents;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One vendor's wire format, spoken in both directions: as the caller's, and as the target's.
 *
 * <p>Each lives in a folder of its own below this one, with the same classes in each: {@code RequestReader}, {@code
 * RequestWriter}, {@code AnswerReader}, {@code AnswerWriter}, {@code FrameReader} (a {@link StreamReader}), {@code
 * FrameWriter} (a {@link StreamWriter}), {@code ErrorWriter}, and one that is public and hands them out, such as {@code
 * AnthropicDialect}. What becomes of each field is told in {@code docs/translation.md}.
 *
 * <p>A dialect has no state: one object serves all calls. Readers and writers of streams have, and are made for each.
 */
public interface Dialect {

    /** Its name in settings, warnings and {@code origin}s. */
    String name();

    /** How its streams are divided into frames. */
    Framing framing();

    /**
     * Whether its streams end with a frame that says nothing else ({@code message_stop}), without which they are cut, even
     * if the reason of the end has come. OpenAI's {@code [DONE]} is no such: it is often missing.
     */
    default boolean endsWithDone() {
        return false;
    }

    /** Whether a stream of that dialect can go to a caller of this one byte for byte. */
    default boolean takesStreamsOf(Dialect other) {
        return name().equals(other.name());
    }

    /** What a stream of it lacks at its end if the answer is complete and the provider forgot to say so. */
    default byte[] forgottenEnd() {
        return new byte[0];
    }

    /**
     * A remark between two frames of a stream, which clients read over; nothing where there is no way to make one.
     *
     * @param text without line breaks
     */
    default byte[] remark(String text) {
        return framing() == Framing.SSE ? (": " + text + "\n\n").getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    /**
     * A sign of life for a caller of this dialect who waits for a stream, or for more of it; nothing where its clients have
     * no way to read over one. It may stand before the first frame and between any two frames, never inside one.
     */
    default byte[] keepAlive() {
        return remark("keep-alive");
    }

    // As the caller's.

    /**
     * Whether a member that a fallback vocabulary has too means something of the dialect's own in its requests, so that it
     * is forwarded and never heard as a wish: {@code fallbacks} of Anthropic's.
     */
    default boolean hasOfItsOwn(String member) {
        return false;
    }

    /**
     * What of a body decides how the call goes, found without reading the conversation.
     *
     * @param members of the body
     * @param stream whether the address asked for a stream; for dialects whose bodies do not say
     * @throws BadRequest if a member that is needed is missing or of the wrong type
     */
    RequestFacts facts(Members members, boolean stream) throws BadRequest;

    /**
     * Whether members of a request ask for reasoning before the answer.
     *
     * @param members of a body, or only those that a target has of its own
     */
    default ReasoningChoice reasoning(Members members) {
        return ReasoningChoice.UNSAID;
    }

    /**
     * Reads the whole request, to be written in another dialect.
     *
     * @param body a JSON object of bounded depth, without the fields of the fallback vocabularies
     * @param stream as in {@link #facts}
     * @throws BadRequest if it cannot be understood; the error names the member
     */
    NeutralRequest readRequest(byte[] body, boolean stream) throws BadRequest;

    /** Writes a whole answer for a caller who speaks this dialect. */
    byte[] writeAnswer(NeutralAnswer answer, RequestContext context);

    /**
     * Writes a stream for a caller who speaks this dialect.
     *
     * @param resumePoint where another attempt's stream broke off, if this one goes on with it
     */
    StreamWriter streamWriter(RequestContext context, Optional<ResumePoint> resumePoint);

    /** An error as the body of a response. */
    byte[] writeError(ErrorResponse error);

    /** An error as the last frame of a stream that has begun. */
    byte[] writeStreamError(ErrorResponse error);

    // As the target's.

    /**
     * A request of this dialect for a target that speaks it too: as it came, but for the thoughts of other vendors' models
     * that the caller was given, which the vendor would refuse.
     *
     * @param model as the provider calls it
     */
    default byte[] withoutForeignThoughts(byte[] body, String model) {
        return body;
    }

    /**
     * Writes the request for a target that speaks this dialect.
     *
     * @param model as the provider calls it
     * @param capabilities what is known of that model
     * @throws UntranslatableRequest if what is asked cannot be said in this dialect, or not to this model, without changing what
     *     it means
     */
    WrittenRequest writeRequest(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest;

    /**
     * Reads a whole answer that came with a 2xx.
     *
     * @throws InvalidAnswer if it is an error, or none of this dialect's answers
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
