/**
 * The commands of {@code understudy}. Each is a small class that reads its options, calls the other packages and prints;
 * {@link dev.understudy.gateway.cli.Main} puts them together.
 */
@NullMarked
package dev.understudy.gateway.cli;

import org.jspecify.annotations.NullMarked;
