package dev.understudy.protocol.dialect;

import java.util.OptionalLong;

/**
 * How far a stream has come: what a caller has received of it beside the text.
 *
 * @param begun whether the caller has received the start of the answer; keep-alives do not count
 * @param id the answer's; empty if it has none
 * @param created in seconds since 1970, if known
 * @param blocks how many content blocks (Anthropic, Bedrock) or output items (Responses) have begun; the last may be
 *     open
 * @param open what has begun and not ended
 * @param sequence the number of the last event (Responses); -1 where events have none
 */
public record StreamPosition(
        boolean begun, String id, OptionalLong created, int blocks, OpenParts open, long sequence) {

    /** Nothing has been sent. */
    public static final StreamPosition START = of(false, "", OptionalLong.empty());

    /** For dialects whose streams have no blocks to end. */
    public static StreamPosition of(boolean begun, String id, OptionalLong created) {
        return new StreamPosition(begun, id, created, 0, OpenParts.Block.NOTHING, -1);
    }

    /** The same position in the answer that the caller knows by that id and time. */
    public StreamPosition in(String callersId, OptionalLong callersTime) {
        return new StreamPosition(begun, callersId, callersTime, blocks, open, sequence);
    }
}
