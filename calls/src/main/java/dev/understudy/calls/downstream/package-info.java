/** Writes responses, headers, errors and keep-alives to callers. */
@NullMarked
package dev.understudy.calls.downstream;

import org.jspecify.annotations.NullMarked;
