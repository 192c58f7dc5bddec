/** A chat model of LangChain4j that falls back to another one. */
@NullMarked
package dev.understudy.examples.langchain4j;

import org.jspecify.annotations.NullMarked;
