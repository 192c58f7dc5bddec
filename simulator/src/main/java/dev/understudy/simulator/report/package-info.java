/** What a simulation showed: as text for a terminal, as JSON for programs and as a page with plots for people. */
@NullMarked
package dev.understudy.simulator.report;

import org.jspecify.annotations.NullMarked;
