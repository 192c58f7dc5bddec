/** APIs that are passed through and never translated. */
@NullMarked
package dev.understudy.protocol.dialect.passthrough;

import org.jspecify.annotations.NullMarked;
