/** OpenAI Chat Completions, and everything that is compatible with it. */
@NullMarked
package dev.understudy.protocol.dialect.openai;

import org.jspecify.annotations.NullMarked;
