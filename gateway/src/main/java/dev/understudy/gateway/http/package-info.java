/** The HTTP server: routes, limits, keys and all responses that are not a provider's. */
@NullMarked
package dev.understudy.gateway.http;

import org.jspecify.annotations.NullMarked;
