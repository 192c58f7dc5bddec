/** Counts and times calls and attempts, for Prometheus. */
@NullMarked
package dev.understudy.gateway.metrics;

import org.jspecify.annotations.NullMarked;
