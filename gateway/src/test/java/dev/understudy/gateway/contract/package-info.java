/** The HTTP contract, held against a running gateway with raw sockets on both sides. */
@NullMarked
package dev.understudy.gateway.contract;

import org.jspecify.annotations.NullMarked;
