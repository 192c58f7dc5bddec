package dev.understudy.calls.driver;

import dev.understudy.calls.upstream.UpstreamResources;
import dev.understudy.engine.SharedState;

/**
 * What the calls of one loop share.
 *
 * @param shared health, budgets and latencies, shared by all loops
 * @param upstream the loop's own connections
 */
public record CallResources(SharedState shared, UpstreamResources upstream) {}
