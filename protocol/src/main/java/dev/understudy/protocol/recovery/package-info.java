/**
 * Mid-stream recovery: the continuation request for an answer whose attempt failed after the commit, and the joining of both
 * parts into one answer.
 *
 * <p>{@link dev.understudy.protocol.recovery.Continuation} writes the request, {@link
 * dev.understudy.protocol.recovery.Seam} finds where the new text begins, and {@link
 * dev.understudy.protocol.recovery.ContinuationChunks} turns the events of the one stream into events of the other.
 */
@NullMarked
package dev.understudy.protocol.recovery;

import org.jspecify.annotations.NullMarked;
