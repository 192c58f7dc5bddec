/** The fallback options of requests, in the vocabularies of this and other systems. */
@NullMarked
package dev.understudy.protocol.options;

import org.jspecify.annotations.NullMarked;
