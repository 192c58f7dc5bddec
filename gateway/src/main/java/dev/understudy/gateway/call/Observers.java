package dev.understudy.gateway.call;

import dev.understudy.gateway.admin.CallLog;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.trace.Tracing;
import java.util.Optional;

/**
 * What gets the record of each call that has ended. None of them makes a call wait.
 *
 * @param log the lines of calls
 * @param records what the store keeps of them
 * @param tracing sends their traces; empty if calls are not traced
 */
public record Observers(AccessLog log, CallLog records, Optional<Tracing> tracing) {}
