package dev.understudy.protocol.recovery;

import dev.understudy.protocol.answer.AnswerStream;
import java.util.OptionalLong;

/**
 * What the caller knows from the first part of an answer, with which the rest has to agree.
 *
 * @param id of the stream; empty if it gave none
 * @param created of the stream, in seconds since 1970
 * @param promptTokens as that attempt reported them, which few do before the end
 * @param completionTokens of the first part, as reported or estimated
 */
public record DeliveredPart(String id, OptionalLong created, OptionalLong promptTokens, long completionTokens) {

    /** What a stream has told up to now. */
    public static DeliveredPart of(AnswerStream stream) {
        return new DeliveredPart(
                stream.position().id(),
                stream.position().created(),
                stream.usage().promptTokens(),
                stream.completionTokens());
    }
}
