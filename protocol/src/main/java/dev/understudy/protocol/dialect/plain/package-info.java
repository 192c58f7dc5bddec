/** APIs that are passed through and never translated. */
@NullMarked
package dev.understudy.protocol.dialect.plain;

import org.jspecify.annotations.NullMarked;
