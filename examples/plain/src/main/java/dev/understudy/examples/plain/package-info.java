/** One question, with fallbacks, by the client of Understudy itself. */
@NullMarked
package dev.understudy.examples.plain;

import org.jspecify.annotations.NullMarked;
