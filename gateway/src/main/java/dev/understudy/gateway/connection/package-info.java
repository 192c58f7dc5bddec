/** Limits on the connections of callers, below HTTP: their number, and the time of a request's head. */
@NullMarked
package dev.understudy.gateway.connection;

import org.jspecify.annotations.NullMarked;
