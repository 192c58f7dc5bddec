/** Keeps what callers sent and received, redacted and bounded, for gateways that are configured to. */
@NullMarked
package dev.understudy.gateway.contents;

import org.jspecify.annotations.NullMarked;
