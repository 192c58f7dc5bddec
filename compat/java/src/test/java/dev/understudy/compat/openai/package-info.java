/** The official Java SDK for OpenAI, run against a gateway that somebody else has started. */
@NullMarked
package dev.understudy.compat.openai;

import org.jspecify.annotations.NullMarked;
