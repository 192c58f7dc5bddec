package dev.understudy.gateway.http;

import dev.understudy.calls.work.WorkPool;

/**
 * What the bodies of all event loops share.
 *
 * @param decompression where bodies are decompressed
 */
public record BodyResources(BodyMemory memory, WorkPool decompression) {}
