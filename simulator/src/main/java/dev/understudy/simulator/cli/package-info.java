/** The command {@code ./understudy simulate}. */
@NullMarked
package dev.understudy.simulator.cli;

import org.jspecify.annotations.NullMarked;
