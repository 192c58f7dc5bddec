/**
 * Judges answers of any dialect, translates them for a caller of any dialect, and writes continuation requests.
 *
 * <p>Read {@link dev.understudy.protocol.translate.DialectStream}.
 */
@NullMarked
package dev.understudy.protocol.translate;

import org.jspecify.annotations.NullMarked;
