/** The gateway's face: routes, limits, keys and the shape of every answer that is not a provider's. */
@NullMarked
package dev.understudy.gateway.http;

import org.jspecify.annotations.NullMarked;
