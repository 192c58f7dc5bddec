/**
 * Who is behind a name: turns what callers write as a model into the targets that are asked.
 *
 * <p>Read {@link dev.understudy.gateway.catalog.Catalog}.
 */
@NullMarked
package dev.understudy.gateway.catalog;

import org.jspecify.annotations.NullMarked;
