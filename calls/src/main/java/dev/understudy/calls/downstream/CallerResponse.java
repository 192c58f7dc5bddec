package dev.understudy.calls.downstream;

import dev.understudy.calls.bytes.Bytes;
import java.util.List;

/**
 * The response to the caller: of the gateway's server, or of an in-process call of the library.
 *
 * <p>Writes after the caller has left do nothing, because the engine may not have received that signal yet. All methods are
 * called on the loop of the call.
 */
public interface CallerResponse {

    /** Sets a response header. */
    void header(String name, String value);

    /**
     * Sets the header with what the caller should know of the answer, such as the parts of the request that its target was not sent.
     * In a header the rest of a long list is only counted.
     */
    default void warnings(List<String> texts) {
        header(CallHeaders.WARNING, TrailHeader.strings(texts));
    }

    /** Sends a whole response. */
    void answer(int status, String contentType, Bytes body);

    /** Runs an action once all that was written has been sent, or cannot be any more. Called once, after the response has ended. */
    default void whenSent(Runnable action) {
        action.run();
    }

    /** Whether the response headers of a stream are sent, or will be with the next bytes: the status is 200. */
    boolean streamBegan();

    /** Sets the response headers of a stream, which are sent with the first bytes. From here on the status is 200. */
    void beginStream(String contentType);

    /** Writes more of a stream. Does nothing once it has ended, which an attempt that was just cancelled may not know yet. */
    void write(Bytes bytes);

    /** Writes the last bytes of a stream and ends the response. */
    void endStream(Bytes last);

    /** Whether the caller reads more slowly than the answer arrives. */
    boolean isFull();

    /** Calls {@code action} when a response that was full has room again; replaces an earlier action. */
    void onDrained(Runnable action);

    /** Whether a silent stream may be closed on the way to the caller, so that keep-alives are sent. */
    boolean needsKeepAlives();

    /**
     * Sends a keep-alive to the caller's client and the proxies before it.
     *
     * @param sign bytes that clients of the caller's dialect ignore; empty if the dialect has none, so that only the response
     *     headers are sent
     */
    void keepAlive(byte[] sign);

    /** When something was last written, by {@link System#nanoTime()}. */
    long lastWrite();
}
