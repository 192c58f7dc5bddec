/** Fixtures that the tests of several modules share. No product code depends on them. */
@NullMarked
package dev.understudy.testing;

import org.jspecify.annotations.NullMarked;
