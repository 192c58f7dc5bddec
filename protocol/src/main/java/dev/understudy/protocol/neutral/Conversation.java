package dev.understudy.protocol.neutral;

import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A conversation brought into the order that Anthropic, Google and Amazon insist on, and OpenAI does not.
 *
 * <ul>
 *   <li>Instructions at the beginning stand apart. Later ones stay where they are, as words of the user: moved to the
 *       front they would speak of something that has not been said yet.
 *   <li>The sides take turns: what one side says in several turns becomes one.
 *   <li>The user begins, and each turn says something.
 *   <li>A result stands in the turn right behind its call, before anything else. One whose call is not there becomes words
 *       of the user, and a call without a result gets one that says so: vendors refuse both, and the model would not know
 *       what it refers to.
 * </ul>
 *
 * @param instructions texts and cache points, in order
 * @param turns of user and assistant by turns; the first is the user's
 * @param warnings what was changed in a way that the model could notice
 */
public record Conversation(List<Part> instructions, List<Turn> turns, List<String> warnings) {
    private static final String NO_RESULT = "(There is no result of this call.)";
    private static final String ASSISTANT_BEGINS = "(The conversation begins with the assistant.)";

    public Conversation {
        instructions = List.copyOf(instructions);
        turns = List.copyOf(turns);
        warnings = List.copyOf(warnings);
    }

    /** Brings turns in order; nothing that was said is lost. */
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
                warnings.add("messages: begin with the assistant; a turn of the user was put before it");
            }
            return new Conversation(instructions, ordered, warnings);
        }

        private List<Turn> merged(List<Turn> turns) {
            List<Turn> merged = new ArrayList<>();
            for (Turn turn : turns) {
                if (turn.role() == Role.SYSTEM) {
                    warnings.add("messages: instructions in the middle became words of the user");
                }
                Role role = turn.role() == Role.ASSISTANT ? Role.ASSISTANT : Role.USER;
                if (turn.parts().isEmpty()) {
                    continue;
                }
                if (!merged.isEmpty() && merged.getLast().role() == role) {
                    List<Part> both = new ArrayList<>(merged.removeLast().parts());
                    both.addAll(turn.parts());
                    merged.add(Turn.of(role, both));
                } else {
                    merged.add(Turn.of(role, turn.parts()));
                }
            }
            return merged;
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
                    rest.addAll(asWords(result));
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

        /** A last turn of the assistant that asks for tools is answered by nobody. */
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
            warnings.add("messages: the call of tool " + call.name() + " has no result; one that says so was added");
            return new Part.ToolResult(call.id(), call.name(), List.of(Part.Text.of(NO_RESULT)), true);
        }

        private List<Part> asWords(Part.ToolResult result) {
            warnings.add("messages: the result of a tool has no call before it, and became words of the user");
            List<Part> words = new ArrayList<>();
            words.add(Part.Text.of("(Result of a tool" + (result.name().isEmpty() ? "" : ", " + result.name()) + ":)"));
            words.addAll(result.content());
            return words;
        }
    }
}
