/** A running gateway between scripted upstreams and raw callers, for tests that must send and see every byte. */
@NullMarked
package dev.understudy.gateway.wire;

import org.jspecify.annotations.NullMarked;
