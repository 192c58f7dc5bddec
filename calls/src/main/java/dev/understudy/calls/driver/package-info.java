/** Drives a call: between the engine, the upstream attempts and the caller. */
@NullMarked
package dev.understudy.calls.driver;

import org.jspecify.annotations.NullMarked;
