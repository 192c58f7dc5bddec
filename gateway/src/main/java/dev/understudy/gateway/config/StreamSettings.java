package dev.understudy.gateway.config;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Recovery;
import dev.understudy.protocol.ask.KeepAlive;
import dev.understudy.protocol.ask.ToolCalls;

/**
 * How streams reach the caller.
 *
 * @param commit when bytes may reach it
 * @param recovery what happens to a stream that breaks after that
 * @param keepAlive how often a silent stream gets a sign of life
 * @param toolCalls how tool calls reach it
 */
public record StreamSettings(CommitPoint commit, Recovery recovery, KeepAlive keepAlive, ToolCalls toolCalls) {
    /** What holds where a configuration says nothing. */
    public static final StreamSettings BUILT_IN =
            new StreamSettings(CommitPoint.FIRST_CONTENT, Recovery.CONTINUE, KeepAlive.DEFAULT, ToolCalls.WHOLE);
}
