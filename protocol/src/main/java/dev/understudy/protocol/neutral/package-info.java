/**
 * Requests, answers and streams in no vendor's language: what every dialect can be read into and written from, so that n
 * dialects need n readers and n writers and never a matrix of pairs.
 *
 * <p>Read {@link dev.understudy.protocol.neutral.NeutralRequest}, then {@link
 * dev.understudy.protocol.neutral.NeutralAnswer} and {@link dev.understudy.protocol.neutral.StreamEvent}.
 */
@NullMarked
package dev.understudy.protocol.neutral;

import org.jspecify.annotations.NullMarked;
