/** Writes responses, headers, errors and keep-alives to callers. */
@NullMarked
package dev.understudy.gateway.downstream;

import org.jspecify.annotations.NullMarked;
