/**
 * OpenAI's Chat Completions: what a request says, and what an answer, streamed or whole, is worth.
 *
 * <p>For answers start at {@link dev.understudy.protocol.chat.ChatStream} and {@link
 * dev.understudy.protocol.chat.ChatAnswer}.
 */
@NullMarked
package dev.understudy.protocol.chat;

import org.jspecify.annotations.NullMarked;
