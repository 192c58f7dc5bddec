/**
 * Carries one call out: plans it, asks the targets, turns the wire into signals and the engine's commands into bytes.
 *
 * <p>Everything of one call happens on one event loop, so nothing here locks.
 */
@NullMarked
package dev.understudy.gateway.call;

import org.jspecify.annotations.NullMarked;
