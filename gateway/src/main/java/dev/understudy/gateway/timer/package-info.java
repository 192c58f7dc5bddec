/** Timers of event loops, for late marks, limits and backoffs. */
@NullMarked
package dev.understudy.gateway.timer;

import org.jspecify.annotations.NullMarked;
