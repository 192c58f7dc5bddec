/** Listeners for metrics and traces. Each needs a library that the application brings: Micrometer or OpenTelemetry's API. */
@NullMarked
package dev.understudy.client.telemetry;

import org.jspecify.annotations.NullMarked;
