/** A Spring Boot application whose {@code ChatClient} falls back to another model. */
@NullMarked
package dev.understudy.examples.springboot;

import org.jspecify.annotations.NullMarked;
