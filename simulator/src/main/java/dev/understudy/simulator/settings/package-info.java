/** Reads what is to be simulated from YAML. Every fault is reported with its line, and unknown keys are faults. */
@NullMarked
package dev.understudy.simulator.settings;

import org.jspecify.annotations.NullMarked;
