/** Fallbacks for anthropic-java: an HTTP client that its clients are given, and options for single calls. */
@NullMarked
package dev.understudy.client.anthropic;

import org.jspecify.annotations.NullMarked;
