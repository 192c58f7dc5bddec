/** The loop on which a call runs, and its timers, for late marks, limits and backoffs. */
@NullMarked
package dev.understudy.calls.loop;

import org.jspecify.annotations.NullMarked;
