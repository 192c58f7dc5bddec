/**
 * OpenAI's legacy Completions: a prompt, and the text that continues it.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions">Completions</a>
 */
@NullMarked
package dev.understudy.protocol.dialect.completions;

import org.jspecify.annotations.NullMarked;
