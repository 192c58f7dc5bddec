/** What Vert.x does not have below HTTP: limits on callers' connections and on the time of a request's head, and flushes that are kept together. */
@NullMarked
package dev.understudy.gateway.connection;

import org.jspecify.annotations.NullMarked;
