/** The keys of callers and their limits. Read {@link dev.understudy.gateway.quota.GatewayKeys}, then {@link
 * dev.understudy.gateway.quota.KeyQuota}. */
@NullMarked
package dev.understudy.gateway.quota;

import org.jspecify.annotations.NullMarked;
