/**
 * Both ends of a connection, as raw as they come: an upstream and a caller on plain sockets, for tests that must say
 * and see every byte. Neither waits without a limit, and both clean up when closed.
 */
@NullMarked
package dev.understudy.gateway.wire;

import org.jspecify.annotations.NullMarked;
