package dev.understudy.protocol.dialect;

/**
 * What an answer's writer must know of the request.
 *
 * @param body the caller's, for dialects whose answers repeat parts of the request (Responses)
 * @param usageInStream whether a stream is to count tokens, where that has to be asked for (Chat Completions)
 * @param now the time in seconds since 1970, for answers whose vendor did not say when they were made
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, and compared by nobody.
public record RequestContext(byte[] body, boolean usageInStream, long now) {}
