/**
 * Reads a configuration file, or the environment if there is none, into immutable settings.
 *
 * <p>Read {@link dev.understudy.calls.config.Settings} for the result and
 * {@link dev.understudy.calls.config.SettingsReader} for the way there. Every fault of a file is found in one pass and
 * reported with its line; keys never appear in a message or a {@code toString}.
 */
@NullMarked
package dev.understudy.calls.config;

import org.jspecify.annotations.NullMarked;
