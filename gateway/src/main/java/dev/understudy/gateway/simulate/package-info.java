/**
 * Simulations of the chains in force, on behalf of operators. The only package that knows the simulator; {@code
 * docs/decisions/0035-simulations-in-the-gateway.md} has the reasons.
 */
@NullMarked
package dev.understudy.gateway.simulate;

import org.jspecify.annotations.NullMarked;
