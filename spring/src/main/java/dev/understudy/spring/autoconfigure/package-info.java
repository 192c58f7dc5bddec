/** Configures {@link dev.understudy.spring.FallbackChatModel} in a Spring Boot application from {@code understudy.*}. */
@NullMarked
package dev.understudy.spring.autoconfigure;

import org.jspecify.annotations.NullMarked;
