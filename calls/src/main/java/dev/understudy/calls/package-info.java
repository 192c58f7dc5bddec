/**
 * What drives a call, whichever HTTP library sends and receives its bytes: configuration, plan, attempts, mid-stream recovery, and
 * what the caller receives. The gateway and the library are built on it.
 */
@NullMarked
package dev.understudy.calls;

import org.jspecify.annotations.NullMarked;
