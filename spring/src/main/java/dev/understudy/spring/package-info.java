/**
 * Fallbacks for Spring AI.
 *
 * <p>{@link dev.understudy.spring.FallbackChatModel} answers with the first chat model of a chain that can. Packages below this
 * one configure it in a Spring Boot application and show its state.
 */
@NullMarked
package dev.understudy.spring;

import org.jspecify.annotations.NullMarked;
