/** The framing of server-sent events: bytes in, whole events out, nothing lost and nothing copied without need. */
@NullMarked
package dev.understudy.protocol.sse;

import org.jspecify.annotations.NullMarked;
