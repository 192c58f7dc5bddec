/** The official Java SDK for OpenAI, run against a gateway that is already running. */
@NullMarked
package dev.understudy.compat.openai;

import org.jspecify.annotations.NullMarked;
