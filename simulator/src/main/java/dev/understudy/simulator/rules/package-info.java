/**
 * The ten rules that the engine keeps, held against every step of every call; and, where one is broken, the shortest script
 * of signals that shows it.
 */
@NullMarked
package dev.understudy.simulator.rules;

import org.jspecify.annotations.NullMarked;
