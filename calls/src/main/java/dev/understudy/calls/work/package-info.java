/** Work off the event loops whose cost callers decide: pools with limits on threads, queue, memory and time. */
@NullMarked
package dev.understudy.calls.work;

import org.jspecify.annotations.NullMarked;
