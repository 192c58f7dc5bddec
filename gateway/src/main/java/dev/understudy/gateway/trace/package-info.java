/**
 * Traces of calls for OpenTelemetry. Spans are derived from the record of a finished call, which the access log and the store use
 * too, and sent by a thread of their own; only the ids are made while the call runs.
 */
@NullMarked
package dev.understudy.gateway.trace;

import org.jspecify.annotations.NullMarked;
