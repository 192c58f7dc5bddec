/**
 * Vendors' wire formats: a folder for each, with a reader and a writer of requests, answers and streams between it and the
 * {@linkplain dev.understudy.protocol.neutral neutral form}.
 *
 * <p>Read {@link dev.understudy.protocol.dialect.Dialect}.
 */
@NullMarked
package dev.understudy.protocol.dialect;

import org.jspecify.annotations.NullMarked;
