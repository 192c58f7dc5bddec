/** The caller's HTTP request, before it becomes a call. */
@NullMarked
package dev.understudy.calls.inbound;

import org.jspecify.annotations.NullMarked;
