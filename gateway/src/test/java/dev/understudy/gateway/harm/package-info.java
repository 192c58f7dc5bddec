/**
 * Never worse than direct, at the wire: whatever a caller would get from its provider alone, it gets through the gateway
 * too. The providers of these tests are slow, quiet or reason for long, and answer correctly and completely.
 */
@NullMarked
package dev.understudy.gateway.harm;

import org.jspecify.annotations.NullMarked;
