/** What is recorded of a call that has ended, for log and metrics. */
@NullMarked
package dev.understudy.gateway.record;

import org.jspecify.annotations.NullMarked;
