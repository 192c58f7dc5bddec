/**
 * Whether an answer is what was asked for, where a caller or the configuration wants to know. Start at {@link
 * dev.understudy.protocol.chat.acceptance.Acceptance}.
 */
@NullMarked
package dev.understudy.protocol.chat.acceptance;

import org.jspecify.annotations.NullMarked;
