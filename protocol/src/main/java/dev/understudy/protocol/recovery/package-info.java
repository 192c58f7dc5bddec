/**
 * Going on with a streamed answer after its attempt died in the middle: asking another target for the rest, and joining
 * the two into one answer.
 *
 * <p>{@link dev.understudy.protocol.recovery.Continuation} writes the request, {@link
 * dev.understudy.protocol.recovery.Seam} finds where the new text begins, and {@link
 * dev.understudy.protocol.recovery.ContinuationChunks} turns the events of the one stream into events of the other.
 */
@NullMarked
package dev.understudy.protocol.recovery;

import org.jspecify.annotations.NullMarked;
