/** A provider that fails on demand, for tests of an application's own failover. */
@NullMarked
package dev.understudy.junit;

import org.jspecify.annotations.NullMarked;
