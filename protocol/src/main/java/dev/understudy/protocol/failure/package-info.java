/**
 * The meaning of providers' failures: one classifier for all statuses, headers and bodies.
 *
 * <p>Start at {@link dev.understudy.protocol.failure.Classifier}.
 */
@NullMarked
package dev.understudy.protocol.failure;

import org.jspecify.annotations.NullMarked;
