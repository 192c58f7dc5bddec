/** The commands of {@code ./understudy}. */
@NullMarked
package dev.understudy.gateway.cli;

import org.jspecify.annotations.NullMarked;
