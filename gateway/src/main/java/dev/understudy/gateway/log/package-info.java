/** Tells afterwards what happened to each call, without its contents or keys and without holding anything up. */
@NullMarked
package dev.understudy.gateway.log;

import org.jspecify.annotations.NullMarked;
