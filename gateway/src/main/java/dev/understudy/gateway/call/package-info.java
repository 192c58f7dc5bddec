/**
 * One call from its arrival to its terminal event. Read {@link dev.understudy.gateway.call.CallHandler}, then {@link
 * dev.understudy.calls.driver.CallDriver}.
 */
@NullMarked
package dev.understudy.gateway.call;

import org.jspecify.annotations.NullMarked;
