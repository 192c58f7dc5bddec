/**
 * Drills: faults that an operator injects into the requests to a target for some minutes. Read {@link dev.understudy.gateway.drill.Drills},
 * then {@link dev.understudy.gateway.drill.DrillFault}; {@code docs/decisions/0034-drills.md} has the reasons.
 */
@NullMarked
package dev.understudy.gateway.drill;

import org.jspecify.annotations.NullMarked;
