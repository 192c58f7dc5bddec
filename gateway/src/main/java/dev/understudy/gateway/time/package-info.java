/** Alarms for what does not happen in time. */
@NullMarked
package dev.understudy.gateway.time;

import org.jspecify.annotations.NullMarked;
