/** Bytes on their way from an upstream response to the caller, without a networking library's type. */
@NullMarked
package dev.understudy.calls.bytes;

import org.jspecify.annotations.NullMarked;
