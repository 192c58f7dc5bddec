/** Chat models of LangChain4j that fall back from one model to the next. */
@NullMarked
package dev.understudy.langchain4j;

import org.jspecify.annotations.NullMarked;
