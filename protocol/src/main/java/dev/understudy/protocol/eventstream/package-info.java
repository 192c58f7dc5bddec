/** The framing of Amazon's event streams, {@code application/vnd.amazon.eventstream}: bytes in, whole frames out. */
@NullMarked
package dev.understudy.protocol.eventstream;

import org.jspecify.annotations.NullMarked;
