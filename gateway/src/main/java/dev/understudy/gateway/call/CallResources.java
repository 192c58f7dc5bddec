package dev.understudy.gateway.call;

import dev.understudy.engine.SharedState;
import dev.understudy.gateway.log.AccessLog;
import dev.understudy.gateway.metrics.CallMetrics;
import dev.understudy.gateway.timer.EventLoopTimers;
import dev.understudy.gateway.upstream.UpstreamResources;

/**
 * What the calls of one event loop share.
 *
 * @param timers the event loop's own
 * @param shared health, budgets and latencies, shared by all event loops
 * @param upstream the event loop's own connections
 */
public record CallResources(
        EventLoopTimers timers, SharedState shared, UpstreamResources upstream, CallMetrics metrics, AccessLog log) {}
