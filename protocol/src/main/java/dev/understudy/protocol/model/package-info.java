/** What models can do, and what requests need of them. */
@NullMarked
package dev.understudy.protocol.model;

import org.jspecify.annotations.NullMarked;
