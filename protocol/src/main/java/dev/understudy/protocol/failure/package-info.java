/**
 * What a provider's failure means: one classifier for every status, header and body that providers answer with.
 *
 * <p>Start at {@link dev.understudy.protocol.failure.Classifier}.
 */
@NullMarked
package dev.understudy.protocol.failure;

import org.jspecify.annotations.NullMarked;
