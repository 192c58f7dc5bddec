/** What the engine and the protocol module cost, measured with JMH. */
@NullMarked
package dev.understudy.bench;

import org.jspecify.annotations.NullMarked;
