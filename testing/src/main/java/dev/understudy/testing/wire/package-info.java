/**
 * Both ends of a connection on plain sockets: an upstream and a caller, for tests that must send and see every byte. Neither
 * waits without a limit, and both release their sockets and threads when they are closed.
 */
@NullMarked
package dev.understudy.testing.wire;

import org.jspecify.annotations.NullMarked;
