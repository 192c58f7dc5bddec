/** Event loops, on which calls run. */
@NullMarked
package dev.understudy.gateway.loop;

import org.jspecify.annotations.NullMarked;
