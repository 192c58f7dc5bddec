package dev.understudy.gateway.http;

import dev.understudy.calls.work.WorkPool;

/**
 * What the bodies of all event loops share.
 *
 * @param decompression where bodies are decompressed
 * @param reading where large bodies are read
 */
public record BodyResources(BodyMemory memory, WorkPool decompression, WorkPool reading) {}
