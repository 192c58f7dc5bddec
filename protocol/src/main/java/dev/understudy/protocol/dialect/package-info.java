/**
 * Vendors' wire formats: a folder for each, with readers and writers of requests, answers and streams between it and
 * the {@linkplain dev.understudy.protocol.neutral neutral form}, and what they share.
 *
 * <p>Read {@link dev.understudy.protocol.dialect.Dialect}.
 */
@NullMarked
package dev.understudy.protocol.dialect;

import org.jspecify.annotations.NullMarked;
