package dev.understudy.calls.plan;

import dev.understudy.engine.CommitPoint;
import dev.understudy.engine.Group;
import dev.understudy.engine.Plan;
import dev.understudy.engine.TrailEntry;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.acceptance.Acceptance;
import dev.understudy.protocol.options.ToolCallDelivery;
import dev.understudy.protocol.translate.CallerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call with everything decided that can be decided before the first attempt.
 *
 * @param name the model that the caller named
 * @param plan what the engine carries out
 * @param targets where each step of the plan sends its requests, by the step's id
 * @param skipped the targets that are not tried, with the reasons, for the trail
 * @param delivery which answers are accepted, and how they are delivered
 * @param warnings what the caller should know although the call proceeds
 */
public record PlannedCall(
        String name,
        Plan plan,
        List<PlannedTarget> targets,
        List<TrailEntry> skipped,
        Delivery delivery,
        List<String> warnings) {
    public PlannedCall {
        targets = List.copyOf(targets);
        skipped = List.copyOf(skipped);
        warnings = List.copyOf(warnings);
    }

    /**
     * Which answers are accepted, and how they are delivered.
     *
     * @param emptyAllowed whether a blank answer is accepted
     * @param acceptance the other conditions that an answer must meet
     * @param keepAlive the longest silence of a stream before a keep-alive is sent; empty for never
     * @param toolCalls how tool calls of a stream are delivered
     */
    public record Delivery(
            boolean emptyAllowed, Acceptance acceptance, Optional<Duration> keepAlive, ToolCallDelivery toolCalls) {

        /** Whether each tool call of a stream is held back until it is complete. */
        public boolean toolCallsWhole() {
            return toolCalls == ToolCallDelivery.WHOLE;
        }
    }

    /** The same call with another point from which on bytes of a stream may reach the caller. */
    public PlannedCall committingTo(CommitPoint commit) {
        return new PlannedCall(name, plan.toBuilder().commit(commit).build(), targets, skipped, delivery, warnings);
    }

    /**
     * The same call of a conversation, whose calls prefer one member of each group.
     *
     * @param headers of the request, which may name the conversation
     */
    public PlannedCall ofConversation(CallerRequest request, HeaderLookup headers) {
        if (plan.groups().stream().noneMatch(Group::byConversation)) {
            return this;
        }
        OptionalLong conversation = request.conversation(headers);
        return conversation.isEmpty()
                ? this
                : new PlannedCall(
                        name,
                        plan.toBuilder().conversation(conversation).build(),
                        targets,
                        skipped,
                        delivery,
                        warnings);
    }

    /** The same call of a named caller, by which the engine tells callers apart; unchanged if the name is empty. */
    PlannedCall by(String caller) {
        return caller.isEmpty()
                ? this
                : new PlannedCall(name, plan.toBuilder().caller(caller).build(), targets, skipped, delivery, warnings);
    }
}
