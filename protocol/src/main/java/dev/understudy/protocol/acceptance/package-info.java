/**
 * Whether an answer is what was asked for, where a caller or the configuration wants to know. Start at {@link
 * dev.understudy.protocol.acceptance.Acceptance}.
 */
@NullMarked
package dev.understudy.protocol.acceptance;

import org.jspecify.annotations.NullMarked;
