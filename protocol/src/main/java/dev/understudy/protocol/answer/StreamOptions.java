package dev.understudy.protocol.answer;

/**
 * How a stream is read.
 *
 * @param keepsText whether the text is kept, so that another target can continue it
 * @param holdsToolCalls whether the bytes of a client tool call are held back until the call is complete ({@code
 *     stream.tool-calls: whole}): while a call is open, the stream describes only what came before it
 */
public record StreamOptions(boolean keepsText, boolean holdsToolCalls) {

    /** Everything is passed on as it comes, and no text is kept. */
    public static final StreamOptions LIVE = new StreamOptions(false, false);
}
