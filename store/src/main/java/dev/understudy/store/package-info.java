/**
 * Keeps. Versions of the settings, keys of callers and records of calls, in a file of SQLite or in PostgreSQL.
 *
 * <p>Read {@link dev.understudy.store.Store} first. A store that is slow, full or lost costs no call: records are dropped and
 * counted, and {@link dev.understudy.store.Store#status()} describes what is wrong. Reads and changes of the settings block, and
 * therefore do not belong on an event loop.
 */
@NullMarked
package dev.understudy.store;

import org.jspecify.annotations.NullMarked;
