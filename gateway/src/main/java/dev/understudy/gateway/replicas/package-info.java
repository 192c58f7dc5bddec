/**
 * What several gateways share through Valkey: circuits, budgets, and the limits of keys. Optional, and never awaited by a call. Read
 * {@link dev.understudy.gateway.replicas.Replicas}.
 */
@NullMarked
package dev.understudy.gateway.replicas;

import org.jspecify.annotations.NullMarked;
