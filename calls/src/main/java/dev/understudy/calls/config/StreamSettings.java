package dev.understudy.calls.config;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Recovery;
import dev.understudy.protocol.options.KeepAliveInterval;
import dev.understudy.protocol.options.ToolCallDelivery;

/**
 * How streams reach the caller.
 *
 * @param commit when bytes may reach it
 * @param recovery what happens to a stream that breaks after that
 * @param keepAlive how often a silent stream gets a sign of life
 * @param toolCalls how tool calls reach it
 */
public record StreamSettings(
        CommitPoint commit, Recovery recovery, KeepAliveInterval keepAlive, ToolCallDelivery toolCalls) {
    /** The settings if a configuration has none. */
    public static final StreamSettings BUILT_IN = new StreamSettings(
            CommitPoint.FIRST_CONTENT, Recovery.CONTINUE, KeepAliveInterval.DEFAULT, ToolCallDelivery.WHOLE);
}
