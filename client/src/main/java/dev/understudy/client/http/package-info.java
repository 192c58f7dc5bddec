/** Calls of LLM APIs from inside the process: the driver of the gateway over the JDK's HTTP client. */
@NullMarked
package dev.understudy.client.http;

import org.jspecify.annotations.NullMarked;
