/** The caller's HTTP request, before it becomes a call. */
@NullMarked
package dev.understudy.gateway.inbound;

import org.jspecify.annotations.NullMarked;
