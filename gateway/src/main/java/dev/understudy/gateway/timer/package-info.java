/** Alarms for what does not happen in time. */
@NullMarked
package dev.understudy.gateway.timer;

import org.jspecify.annotations.NullMarked;
