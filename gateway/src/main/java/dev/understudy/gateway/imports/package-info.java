/** Configurations of other gateways as configurations of this one, with comments on what has no counterpart. */
@NullMarked
package dev.understudy.gateway.imports;

import org.jspecify.annotations.NullMarked;
