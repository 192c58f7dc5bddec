/** What callers ask of the fallback layer, and the vocabularies of other systems in which they say it. */
@NullMarked
package dev.understudy.protocol.options;

import org.jspecify.annotations.NullMarked;
