/** Ollama's own API for callers, as a form of OpenAI's: a request or an answer of the one becomes one of the other. */
@NullMarked
package dev.understudy.protocol.ollama;

import org.jspecify.annotations.NullMarked;
