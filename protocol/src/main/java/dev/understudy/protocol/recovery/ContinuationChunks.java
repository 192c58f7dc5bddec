package dev.understudy.protocol.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.recovery.Seam.State;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Turns the events of a continuation's stream into events that follow the ones which the caller has, so that a client
 * sees one answer.
 *
 * <p>It stands between the {@link dev.understudy.protocol.answer.AnswerStream} that reads the continuation and its
 * listener, and reports the same events with other bytes:
 *
 * <ul>
 *   <li>{@code id} and {@code created} are the first stream's; {@code model} is the one that now answers.
 *   <li>Roles go, and so do events that say nothing then: they are told with an empty range. Pings pass.
 *   <li>Text passes through the {@link Seam}. While all of it is held back, {@link EventKind#CONTENT} is told with an empty
 *       range: the answer makes progress, and there is nothing to forward. Text that was held back goes out, in an event
 *       of its own, before a finish or a tool call.
 *   <li>Ids of tool calls become ones that the caller can send back: {@link CallIds}.
 *   <li>{@code usage} counts both parts.
 *   <li>The event with the {@code finish_reason} tells of the recovery: {@link RecoveryMark}.
 *   <li>Everything else is kept, numbers in their spelling.
 * </ul>
 *
 * <p>A continuation that turns out to be another answer fails as {@code invalid_output}. Nothing follows a failure, as in
 * {@link AnswerListener#failed}. Not thread-safe.
 */
public final class ContinuationChunks implements AnswerListener {
    private static final byte[] NOTHING = {};

    /** The ids that a caller gets for tool calls. */
    @FunctionalInterface
    public interface CallIds {
        /**
         * The id of a call; the same each time for the same call.
         *
         * @param given by the provider
         * @param answer the id of the answer
         * @param choice the index of the choice
         * @param call the index of the call within the choice
         */
        String of(String given, String answer, int choice, int call);
    }

    private final DeliveredPart first;
    private final CallIds callIds;
    private final boolean begun;
    private final Seam seam;
    private final Supplier<String> trail;
    private final AnswerListener caller;
    private final Set<String> toldIds = new HashSet<>();
    private boolean failed;

    /**
     * @param first what the caller knows of the answer
     * @param begun whether it has the beginning of the answer, roles included
     * @param seam made with the text that the caller has
     * @param callIds the caller's ids of the calls
     * @param trail supplies the trail of the call when the answer finishes
     * @param caller receives the events as they go to the caller
     */
    public ContinuationChunks(
            DeliveredPart first,
            boolean begun,
            Seam seam,
            CallIds callIds,
            Supplier<String> trail,
            AnswerListener caller) {
        this.callIds = callIds;
        this.first = first;
        this.begun = begun;
        this.seam = seam;
        this.trail = trail;
        this.caller = caller;
    }

    @Override
    public void event(EventKind event, byte[] array, int offset, int length) {
        if (failed) {
            return;
        }
        switch (event) {
            case PING, DONE, IGNORED -> caller.event(event, array, offset, length);
            case NO_CONTENT, REASONING, TOOL_CALL, CONTENT, FINISH, USAGE -> {
                Optional<byte[]> data = EventData.of(array, offset, length);
                if (data.isEmpty()) {
                    caller.event(event, array, offset, length);
                } else {
                    chunk(event, data.get());
                }
            }
        }
    }

    private void chunk(EventKind event, byte[] data) {
        Optional<byte[]> events = rewritten(data);
        if (events.isEmpty()) {
            fail(FailureKind.MALFORMED, "An event of the continuation cannot be read");
        } else if (seam.state() == State.REWRITE) {
            fail(FailureKind.INVALID_OUTPUT, "The continuation started the answer over instead of continuing it");
        } else {
            caller.event(event, events.get(), 0, events.get().length);
        }
    }

    private void fail(FailureKind kind, String why) {
        failed = true;
        caller.failed(Failure.of(kind, why), NOTHING, 0, 0);
    }

    @Override
    public void failed(Failure failure, byte[] array, int offset, int length) {
        if (failed) {
            return;
        }
        failed = !failure.hasDeliverableAnswer();
        if (failed) {
            caller.failed(failure, array, offset, length);
            return;
        }
        byte[] events =
                EventData.of(array, offset, length).flatMap(this::rewritten).orElse(NOTHING);
        caller.failed(failure, events, 0, events.length);
    }

    /** The events to send for one that came: none, the same one made fit, or some text before it. */
    private Optional<byte[]> rewritten(byte[] data) {
        JsonNode value;
        try {
            value = JsonTrees.scanned("an event", data);
        } catch (BadRequest tooDeepForATree) {
            return Optional.empty();
        }
        return Optional.of(
                value instanceof ObjectNode chunk ? events(chunk).getBytes(StandardCharsets.UTF_8) : NOTHING);
    }

    private String events(ObjectNode chunk) {
        if (!first.id().isEmpty()) {
            chunk.put("id", first.id());
        }
        first.created().ifPresent(time -> chunk.put("created", time));
        boolean says = false;
        if (chunk.get("usage") instanceof ObjectNode usage) {
            SummedUsage.add(first, usage);
            says = true;
        }
        StringBuilder textBefore = new StringBuilder();
        for (JsonNode choice : chunk.path("choices")) {
            if (choice instanceof ObjectNode members) {
                renameCalls(members);
                ContinuationDelta delta = new ContinuationDelta(members, begun, seam);
                textBefore.append(delta.textBefore());
                says |= delta.says();
                if (delta.ends()) {
                    RecoveryMark.put(chunk, "continue", trail.get());
                }
            }
        }
        return (textBefore.isEmpty() ? "" : RecoveryMark.event(textOf(chunk, textBefore.toString())))
                + (says ? RecoveryMark.event(chunk) : "");
    }

    /** A client joins the ids of a call's pieces as it joins texts, so each is told once. */
    private void renameCalls(ObjectNode choice) {
        for (JsonNode call : choice.path("delta").path("tool_calls")) {
            String given = call.path("id").asText("");
            if (given.isEmpty() || !(call instanceof ObjectNode members)) {
                continue;
            }
            String id = callIds.of(
                    given,
                    first.id(),
                    choice.path("index").asInt(),
                    call.path("index").asInt());
            if (toldIds.add(id)) {
                members.put("id", id);
            } else {
                members.remove("id");
            }
        }
    }

    /** An event like that one, with nothing but a text in it. */
    private static ObjectNode textOf(ObjectNode chunk, String text) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.setAll(chunk);
        event.remove(List.of("usage", RecoveryMark.NAME));
        ObjectNode choice = event.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta").put("content", text);
        choice.putNull("finish_reason");
        return event;
    }
}
