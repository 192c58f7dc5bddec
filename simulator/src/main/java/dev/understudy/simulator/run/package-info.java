/** One run: a chain in a world, call by call, and what came of it. */
@NullMarked
package dev.understudy.simulator.run;

import org.jspecify.annotations.NullMarked;
