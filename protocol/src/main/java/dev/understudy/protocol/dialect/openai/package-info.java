/**
 * OpenAI's Chat Completions, and what the many servers that are compatible with it add to them.
 *
 * <p>Read {@link dev.understudy.protocol.dialect.openai.OpenAiDialect}.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">Chat Completions</a>
 */
@NullMarked
package dev.understudy.protocol.dialect.openai;

import org.jspecify.annotations.NullMarked;
