/**
 * Requests, answers and streams independent of dialects: every dialect is read into and written from this form, so that
 * n dialects need n readers and n writers and not a matrix of pairs.
 *
 * <p>Read {@link dev.understudy.protocol.neutral.NeutralRequest}, then {@link
 * dev.understudy.protocol.neutral.NeutralAnswer} and {@link dev.understudy.protocol.neutral.StreamEvent}.
 */
@NullMarked
package dev.understudy.protocol.neutral;

import org.jspecify.annotations.NullMarked;
