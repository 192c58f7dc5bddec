/**
 * Calls that cross from one vendor's language into another, at the wire: what targets are sent and what callers read, with
 * scripted upstreams on plain sockets.
 */
@NullMarked
package dev.understudy.gateway.crossing;

import org.jspecify.annotations.NullMarked;
