/**
 * The rehearsal: a provider that runs inside the process and misbehaves on demand.
 *
 * <p>It is an OpenAI-shaped HTTP server on a loopback port. The gateway reaches it over TCP like any other provider,
 * so that a demo, a drill or a test meets the faults of real wires without a key. Its models are named by what they
 * do: {@link dev.understudy.rehearsal.Act} lists them.
 *
 * <p>One exchange reads from left to right: bytes become an {@link dev.understudy.rehearsal.HttpRequest}, the
 * {@link dev.understudy.rehearsal.Director} finds its act, the act writes a
 * {@link dev.understudy.rehearsal.Script} of wire steps, and the
 * {@link dev.understudy.rehearsal.Player} performs it.
 */
@NullMarked
package dev.understudy.rehearsal;

import org.jspecify.annotations.NullMarked;
