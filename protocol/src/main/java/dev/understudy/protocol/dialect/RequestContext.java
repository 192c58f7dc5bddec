package dev.understudy.protocol.dialect;

/**
 * What the writer of an answer needs to know of the request.
 *
 * @param body the caller's, for dialects whose answers repeat parts of the request (Responses)
 * @param usageInStream whether a stream has usage, where the request has to ask for it (Chat Completions)
 * @param now the time in seconds since 1970, for answers without a time
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on, never compared.
public record RequestContext(byte[] body, boolean usageInStream, long now) {}
