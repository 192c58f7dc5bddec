/**
 * The table of wire faults, byte by byte, with the outcome of each for the caller. It is played on the gateway, the plain
 * client, openai-java, LangChain4j and Spring AI; the gateway's tests look at its responses to the byte in addition.
 */
@NullMarked
package dev.understudy.testing.faults;

import org.jspecify.annotations.NullMarked;
