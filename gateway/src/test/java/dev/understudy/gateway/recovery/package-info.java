/**
 * What people count on, at the wire: one fallback behind the primary, a canonical answer of sixty tokens, and every
 * scenario ends with exactly that answer.
 */
@NullMarked
package dev.understudy.gateway.recovery;

import org.jspecify.annotations.NullMarked;
