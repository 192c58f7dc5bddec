/** The results of a simulation: text for a terminal, JSON for programs, and an HTML page with plots. */
@NullMarked
package dev.understudy.simulator.report;

import org.jspecify.annotations.NullMarked;
