/** Upstream requests and responses: one attempt on the wire, over any transport. */
@NullMarked
package dev.understudy.calls.upstream;

import org.jspecify.annotations.NullMarked;
