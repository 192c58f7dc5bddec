/**
 * The table of failures at the wire: all failures of an upstream, byte by byte, through a running gateway, and
 * exactly what a caller on a plain socket saw of it. The cases are data; each run also writes them down as a table for
 * people ({@code target/failure-table.md}).
 */
@NullMarked
package dev.understudy.gateway.faults;

import org.jspecify.annotations.NullMarked;
