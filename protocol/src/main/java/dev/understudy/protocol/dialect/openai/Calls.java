package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Reads calls of tools and keeps apart the pieces in which they come: by their index, and by a new id where a provider
 * gives all of them the same one.
 */
final class Calls {
    private static final NameTable CALL =
            NameTable.of("index", "id", "function", "extra_content", "provider_specific_fields");
    private static final NameTable FUNCTION = NameTable.of("name", "arguments");
    private static final NameTable SIGNATURE = NameTable.of("google", "thought_signature");

    private final JsonWalk walk;
    /** By choice and index. */
    private final Map<Long, Known> known = new HashMap<>();

    private final Map<Integer, Integer> calls = new HashMap<>();

    private record Known(int call, String id) {}

    // Of the call at hand.
    private long index;
    private String id = "";
    private String name = "";
    private String arguments = "";
    private String signature = "";

    Calls(JsonWalk walk) {
        this.walk = walk;
    }

    /** {@code tool_calls}. */
    void list(List<IntFunction<StreamEvent>> said) throws MalformedJson {
        int[] position = {0};
        walk.array(() -> {
            clear(position[0]++);
            walk.object(CALL, this::member);
            tell(said);
        });
    }

    /** {@code function_call}, which there is one of and without an id. */
    void function(List<IntFunction<StreamEvent>> said) throws MalformedJson {
        if (walk.isNull()) {
            return;
        }
        clear(0);
        walk.object(FUNCTION, this::function);
        tell(said);
    }

    private void clear(int position) {
        index = position;
        id = "";
        name = "";
        arguments = "";
        signature = "";
    }

    private void member(String member) throws MalformedJson {
        switch (member) {
            case "index" -> index = walk.whole(index);
            case "id" -> id = walk.text();
            case "function" -> walk.object(FUNCTION, this::function);
            case "extra_content", "provider_specific_fields" -> walk.object(SIGNATURE, this::signature);
            default -> {}
        }
    }

    private void function(String member) throws MalformedJson {
        switch (member) {
            case "name" -> name = walk.text();
            case "arguments" -> {
                switch (walk.token()) {
                    // A few providers send the object itself.
                    case START_OBJECT -> arguments = walk.json();
                    default -> arguments = walk.text();
                }
            }
            default -> {}
        }
    }

    private void signature(String member) throws MalformedJson {
        switch (member) {
            case "google" -> walk.object(SIGNATURE, this::signature);
            case "thought_signature" -> signature = walk.text();
            default -> {}
        }
    }

    private void tell(List<IntFunction<StreamEvent>> said) {
        long at = index;
        String itsId = id;
        String itsName = name;
        String its = arguments;
        String seal = signature;
        Call call = new Call();
        said.add(choice -> {
            call.number = number(choice, at, itsId, itsName);
            return call.number >= 0
                    ? new StreamEvent.ToolCallBegan(choice, call.number, itsId, itsName, seal)
                    : new StreamEvent.Ping();
        });
        if (!its.isEmpty()) {
            said.add(choice ->
                    new StreamEvent.ToolCallDelta(choice, call.number >= 0 ? call.number : ~call.number, its));
        }
    }

    /** Which call is meant, between what is said of it first and what follows. */
    private static final class Call {
        private int number;
    }

    /** The number of a call that begins here; the complement of the number of one that goes on. */
    private int number(int choice, long at, String itsId, String itsName) {
        long key = ((long) choice << 32) ^ at;
        Known before = known.get(key);
        boolean another = before != null && !itsId.isEmpty() && !itsName.isEmpty() && !itsId.equals(before.id());
        if (before != null && !another) {
            return ~before.call();
        }
        int number = calls.merge(choice, 1, Integer::sum) - 1;
        known.put(key, new Known(number, itsId));
        return number;
    }
}
