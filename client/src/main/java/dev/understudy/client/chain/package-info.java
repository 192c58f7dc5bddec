/**
 * Fallback chains whose targets are functions or model objects of the application.
 *
 * <p>{@link dev.understudy.client.chain.FallbackChain} answers calls with whole answers, {@link
 * dev.understudy.client.chain.StreamingChain} with streams. Both drive the engine of the gateway, so its rules hold here too.
 */
@NullMarked
package dev.understudy.client.chain;

import org.jspecify.annotations.NullMarked;
