package dev.understudy.protocol.dialect;

import java.util.OptionalLong;

/**
 * How far a stream has come: what a caller has seen of it beside the text.
 *
 * @param begun whether the caller has the beginning of the answer: a stream that has only shown signs of life has none
 * @param id the answer's; empty if it has none
 * @param created in seconds since 1970, if it was said
 * @param blocks how many blocks of content (Anthropic, Bedrock) or items of output (Responses) have begun; the last may
 *     be open
 * @param open what has begun and not ended
 * @param sequence the number of the event that came last (Responses); -1 where events have none
 */
public record StreamPosition(
        boolean begun, String id, OptionalLong created, int blocks, OpenParts open, long sequence) {

    /** Nothing has come. */
    public static final StreamPosition START = of(false, "", OptionalLong.empty());

    /** In a dialect whose streams have no blocks that would have to be ended. */
    public static StreamPosition of(boolean begun, String id, OptionalLong created) {
        return new StreamPosition(begun, id, created, 0, OpenParts.Block.NOTHING, -1);
    }

    /** The same in an answer that the caller knows by that id and time. */
    public StreamPosition in(String callersId, OptionalLong callersTime) {
        return new StreamPosition(begun, callersId, callersTime, blocks, open, sequence);
    }
}
