/**
 * OpenAI's Responses API, under the name {@code openai-responses}.
 *
 * <p>A conversation is a list of items, and so is an answer: messages, function calls, reasoning, and items of the
 * tools that OpenAI runs. A stream starts and ends each item and each part of its content, numbers its events, and
 * repeats everything in the last one.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/responses">Responses</a>
 * @see <a href="https://platform.openai.com/docs/api-reference/responses-streaming">Streaming events</a>
 */
@NullMarked
package dev.understudy.protocol.dialect.responses;

import org.jspecify.annotations.NullMarked;
