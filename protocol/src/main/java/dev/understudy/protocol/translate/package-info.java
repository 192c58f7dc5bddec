/**
 * Judges and renders answers of any dialect for a caller of any dialect, and asks targets to go on with them.
 *
 * <p>Read {@link dev.understudy.protocol.translate.DialectStream}.
 */
@NullMarked
package dev.understudy.protocol.translate;

import org.jspecify.annotations.NullMarked;
