/** Reads the settings of a simulation from YAML. Every error is reported with its line, and unknown keys are errors. */
@NullMarked
package dev.understudy.simulator.settings;

import org.jspecify.annotations.NullMarked;
