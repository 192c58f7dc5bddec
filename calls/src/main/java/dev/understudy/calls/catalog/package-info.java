/**
 * Turns the names that callers write as a model into targets.
 *
 * <p>Read {@link dev.understudy.calls.catalog.Catalog}.
 */
@NullMarked
package dev.understudy.calls.catalog;

import org.jspecify.annotations.NullMarked;
