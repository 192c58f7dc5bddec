/** Fallbacks for openai-java: an HTTP client that its clients are given, and options for single calls. */
@NullMarked
package dev.understudy.client.openai;

import org.jspecify.annotations.NullMarked;
