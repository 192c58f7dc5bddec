/** Understudy inside a JVM application: the gateway's engine over targets that are functions or model objects. */
@NullMarked
package dev.understudy.client;

import org.jspecify.annotations.NullMarked;
