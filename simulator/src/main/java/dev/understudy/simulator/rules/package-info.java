/**
 * The rules that the engine keeps, checked at every step of every call; and, where one is broken, the shortest script of
 * signals that shows it. Rule 11 (no fault, no harm) needs to know what would have come of a call and is held in {@code run}.
 */
@NullMarked
package dev.understudy.simulator.rules;

import org.jspecify.annotations.NullMarked;
