package dev.understudy.protocol.answer;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Token;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The arguments of the tool calls of a stream, kept so that a stream that ends without saying why can be judged: a call
 * whose arguments are a whole JSON object is complete, any other was cut.
 */
public final class ToolArguments {
    /** Characters of all calls together. More than that is no argument of any tool, and counts as incomplete. */
    private static final int MOST = 16 * 1024 * 1024;

    private static final int MOST_CALLS = 4096;
    private static final int DEEPEST = 1_000;

    private final Map<Key, StringBuilder> calls = new HashMap<>();
    private final BitSet choices = new BitSet();
    private long characters;
    private boolean broken;

    private record Key(int choice, long call) {}

    /** A call whose arguments need not be JSON, such as one of a custom tool. */
    public void whole(int choice) {
        choices.set(ChoiceTally.counted(choice));
    }

    /**
     * More of a call.
     *
     * @param call its number among the calls of its choice
     * @param arguments a piece of their text, perhaps empty
     */
    public void more(int choice, long call, CharSequence arguments) {
        whole(choice);
        characters += arguments.length();
        if (characters > MOST || calls.size() > MOST_CALLS) {
            broken = true;
            calls.clear();
        }
        if (!broken) {
            calls.computeIfAbsent(new Key(ChoiceTally.counted(choice), call), first -> new StringBuilder())
                    .append(arguments);
        }
    }

    /** Whether the choice calls a tool. */
    public boolean any(int choice) {
        return choices.get(ChoiceTally.counted(choice));
    }

    /** Whether the arguments of all calls of these choices are whole JSON objects; true if there are no calls. */
    public boolean areComplete(Collection<Integer> open) {
        return !broken
                && calls.entrySet().stream()
                        .filter(call -> open.contains(call.getKey().choice()))
                        .allMatch(call -> isObject(call.getValue()));
    }

    private static boolean isObject(CharSequence text) {
        byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
        JsonWalk walk = new JsonWalk(DEEPEST);
        try {
            walk.over(json, 0, json.length);
            boolean object = walk.token() == Token.START_OBJECT;
            walk.skip();
            return object && walk.isAtEnd();
        } catch (MalformedJson cut) {
            // Only whether it is whole matters.
            return false;
        }
    }
}
