/**
 * Checks whether an answer meets the request, where the caller or the configuration asks for it. Start at {@link
 * dev.understudy.protocol.acceptance.Acceptance}.
 */
@NullMarked
package dev.understudy.protocol.acceptance;

import org.jspecify.annotations.NullMarked;
