/** A client of openai-java that falls back to other models. */
@NullMarked
package dev.understudy.examples.openai;

import org.jspecify.annotations.NullMarked;
