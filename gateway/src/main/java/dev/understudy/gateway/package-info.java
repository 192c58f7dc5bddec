/** The server: it accepts calls over HTTP, drives the engine and talks to the providers. */
@NullMarked
package dev.understudy.gateway;

import org.jspecify.annotations.NullMarked;
