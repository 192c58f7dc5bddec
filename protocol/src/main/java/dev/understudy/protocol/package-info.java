/** What is spoken on the wire: dialects, server-sent events, splicing, and what a provider's failure means. */
@NullMarked
package dev.understudy.protocol;

import org.jspecify.annotations.NullMarked;
