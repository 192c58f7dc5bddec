package dev.understudy.protocol.neutral;

import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A conversation in the order that Anthropic, Google and Amazon require, and OpenAI does not.
 *
 * <ul>
 *   <li>Instructions at the beginning are separate. Later ones keep their place, as texts of the user: at the front they
 *       would refer to something that has not been said yet.
 *   <li>User and assistant alternate: consecutive turns of one side become one.
 *   <li>The user begins, and no turn is empty.
 *   <li>A result is in the turn right after its call, before anything else. A result without its call becomes a text of
 *       the user, and a call without a result gets one that says so: vendors refuse both.
 * </ul>
 *
 * @param instructions texts and cache points, in order
 * @param turns of user and assistant alternately; the first is the user's
 * @param warnings changes that the model could notice
 */
public record Conversation(List<Part> instructions, List<Turn> turns, List<String> warnings) {
    private static final String NO_RESULT = "(This tool call has no result.)";
    private static final String ASSISTANT_BEGINS = "(The conversation begins with the assistant.)";

    public Conversation {
        instructions = List.copyOf(instructions);
        turns = List.copyOf(turns);
        warnings = List.copyOf(warnings);
    }

    /** Orders turns; no content is lost. */
    public static Conversation of(List<Turn> turns) {
        return new Ordering(turns).conversation();
    }

    private static final class Ordering {
        private final List<Turn> came;
        private final List<Part> instructions = new ArrayList<>();
        private final List<Turn> ordered = new ArrayList<>();
        private final List<String> warnings = new ArrayList<>();

        Ordering(List<Turn> came) {
            this.came = came;
        }

        Conversation conversation() {
            int first = 0;
            while (first < came.size() && came.get(first).role() == Role.SYSTEM) {
                instructions.addAll(came.get(first).parts());
                first++;
            }
            for (Turn turn : merged(came.subList(first, came.size()))) {
                take(turn);
            }
            answerOpenCalls(new HashSet<>());
            if (!ordered.isEmpty() && ordered.getFirst().role() == Role.ASSISTANT) {
                ordered.addFirst(Turn.of(Role.USER, Part.Text.of(ASSISTANT_BEGINS)));
                warnings.add("messages: begin with an assistant message; a user message was added before it");
            }
            return new Conversation(instructions, ordered, warnings);
        }

        private List<Turn> merged(List<Turn> turns) {
            List<Turn> merged = new ArrayList<>();
            // The parts of one side's consecutive turns are collected first: a turn copies its parts, and a copy for
            // each
            // message would take a time that grows with the square of their number.
            List<Part> parts = new ArrayList<>();
            Role side = Role.USER;
            for (Turn turn : turns) {
                if (turn.role() == Role.SYSTEM) {
                    warnings.add("messages: instructions in the middle were sent as user text");
                }
                Role role = turn.role() == Role.ASSISTANT ? Role.ASSISTANT : Role.USER;
                if (role != side && !turn.parts().isEmpty()) {
                    addTurn(side, parts, merged);
                    side = role;
                }
                parts.addAll(turn.parts());
            }
            addTurn(side, parts, merged);
            return merged;
        }

        private static void addTurn(Role role, List<Part> parts, List<Turn> to) {
            if (!parts.isEmpty()) {
                to.add(Turn.of(role, parts));
                parts.clear();
            }
        }

        private void take(Turn turn) {
            if (turn.role() == Role.ASSISTANT) {
                ordered.add(turn);
                return;
            }
            Map<String, Part.ToolCall> open = openCalls();
            Set<String> answered = new HashSet<>();
            List<Part> results = new ArrayList<>();
            List<Part> rest = new ArrayList<>();
            for (Part part : turn.parts()) {
                if (!(part instanceof Part.ToolResult result)) {
                    rest.add(part);
                } else if (open.containsKey(result.id()) && answered.add(result.id())) {
                    results.add(result);
                } else {
                    rest.addAll(asText(result));
                }
            }
            for (Part.ToolCall call : open.values()) {
                if (!answered.contains(call.id())) {
                    results.add(missing(call));
                }
            }
            results.addAll(rest);
            ordered.add(Turn.of(Role.USER, results));
        }

        /** Calls in a last turn of the assistant have no results. */
        private void answerOpenCalls(Set<String> answered) {
            List<Part> results = new ArrayList<>();
            for (Part.ToolCall call : openCalls().values()) {
                if (answered.add(call.id())) {
                    results.add(missing(call));
                }
            }
            if (!results.isEmpty()) {
                ordered.add(Turn.of(Role.USER, results));
            }
        }

        private Map<String, Part.ToolCall> openCalls() {
            Map<String, Part.ToolCall> open = new LinkedHashMap<>();
            if (!ordered.isEmpty() && ordered.getLast().role() == Role.ASSISTANT) {
                for (Part part : ordered.getLast().parts()) {
                    if (part instanceof Part.ToolCall call) {
                        open.put(call.id(), call);
                    }
                }
            }
            return open;
        }

        private Part.ToolResult missing(Part.ToolCall call) {
            warnings.add("messages: the call of tool " + call.name() + " has no result; a placeholder was added");
            return new Part.ToolResult(call.id(), call.name(), List.of(Part.Text.of(NO_RESULT)), true);
        }

        private List<Part> asText(Part.ToolResult result) {
            warnings.add("messages: a tool result without a call was sent as user text");
            List<Part> words = new ArrayList<>();
            words.add(Part.Text.of("(Result of a tool" + (result.name().isEmpty() ? "" : ", " + result.name()) + ":)"));
            words.addAll(result.content());
            return words;
        }
    }
}
