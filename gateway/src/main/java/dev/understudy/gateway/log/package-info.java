/** The access log: what happened to each call, without its contents or keys, written without blocking calls. */
@NullMarked
package dev.understudy.gateway.log;

import org.jspecify.annotations.NullMarked;
