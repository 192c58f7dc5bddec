package dev.understudy.protocol.dialect;

import java.util.OptionalLong;

/**
 * How far a stream has come: what a caller has seen of it beside the words.
 *
 * @param id the answer's; empty if it has none
 * @param created in seconds since 1970, if it was said
 * @param blocks how many blocks of content (Anthropic, Bedrock) or items of output (Responses) have begun; the last may
 *     be open
 * @param item the id of the item that is open (Responses); empty where there is none
 * @param sequence the number of the event that came last (Responses); -1 where events have none
 */
public record Place(String id, OptionalLong created, int blocks, String item, long sequence) {

    /** Nothing has come. */
    public static final Place START = new Place("", OptionalLong.empty(), 0, "", -1);
}
