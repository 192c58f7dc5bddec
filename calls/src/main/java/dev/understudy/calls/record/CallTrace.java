package dev.understudy.calls.record;

import java.util.Map;

/**
 * The trace to which a call belongs (W3C Trace Context): the call has a span in it, and each of its attempts a span below that one.
 *
 * <p>Its methods are called on the loop of the call while the call runs; afterwards it does not change any more.
 */
public interface CallTrace {

    /** The id of the trace: 32 hexadecimal digits. */
    String traceId();

    /** The id of the call's span: 16 hexadecimal digits. */
    String spanId();

    /**
     * The headers by which an attempt's upstream request names the attempt's span as its parent. They replace those that the caller
     * sent.
     *
     * @param attempt the attempt's number, from 1
     */
    Map<String, String> upstreamHeaders(int attempt);

    /**
     * The bytes of an attempt reach the caller from now on.
     *
     * @param after nanoseconds from the call's arrival
     */
    void committed(int attempt, long after);
}
