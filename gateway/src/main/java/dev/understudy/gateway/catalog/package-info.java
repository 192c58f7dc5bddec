/**
 * Turns the names that callers write as a model into targets.
 *
 * <p>Read {@link dev.understudy.gateway.catalog.Catalog}.
 */
@NullMarked
package dev.understudy.gateway.catalog;

import org.jspecify.annotations.NullMarked;
