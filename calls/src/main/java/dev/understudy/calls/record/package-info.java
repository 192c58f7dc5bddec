/** What is recorded of a call that has ended, for log and metrics. */
@NullMarked
package dev.understudy.calls.record;

import org.jspecify.annotations.NullMarked;
