/**
 * Anthropic's Messages API.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">Messages</a>
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">Streaming messages</a>
 */
@NullMarked
package dev.understudy.protocol.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
