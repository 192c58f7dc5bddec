/** Work off the event loops whose cost callers decide: pools with limits on threads, queue, memory and time. */
@NullMarked
package dev.understudy.gateway.work;

import org.jspecify.annotations.NullMarked;
