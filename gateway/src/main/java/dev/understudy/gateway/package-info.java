/** The server: it accepts calls over HTTP, drives the engine and sends requests to the providers. */
@NullMarked
package dev.understudy.gateway;

import org.jspecify.annotations.NullMarked;
