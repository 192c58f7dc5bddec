package dev.understudy.protocol.answer;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.Token;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
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

    private final Map<Key, Call> calls = new HashMap<>();
    private final BitSet choices = new BitSet();
    private long characters;
    private boolean broken;

    private record Key(int choice, long call) {}

    private static final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    /** A call whose arguments need not be JSON (a custom tool), or came as a whole object. */
    public void whole(int choice) {
        choices.set(Math.clamp(choice, 0, ChoiceTally.HIGHEST));
    }

    /**
     * More of a call.
     *
     * @param call its number among the calls of its choice; some providers give the same one to all
     * @param id empty if the piece names none
     * @param name empty if the piece names none
     */
    public void more(int choice, long call, String id, String name, String arguments) {
        whole(choice);
        characters += arguments.length();
        if (characters > MOST || calls.size() > MOST_CALLS) {
            broken = true;
            calls.clear();
        }
        if (broken) {
            return;
        }
        Call open = calls.computeIfAbsent(new Key(choice, call), first -> new Call());
        if (begins(open, id, name)) {
            broken = !isObject(open.arguments);
            open.arguments.setLength(0);
            open.id = "";
            open.name = "";
        }
        open.id = open.id.isEmpty() ? id : open.id;
        open.name = open.name.isEmpty() ? name : open.name;
        open.arguments.append(arguments);
    }

    /** Another call under the same number has a name, and another id or another name than the one before. */
    private static boolean begins(Call open, String id, String name) {
        boolean anotherId = !id.isEmpty() && !id.equals(open.id);
        return !name.isEmpty() && !open.name.isEmpty() && (anotherId || !name.equals(open.name));
    }

    /** Whether the choice calls a tool. */
    public boolean any(int choice) {
        return choices.get(Math.clamp(choice, 0, ChoiceTally.HIGHEST));
    }

    /** Whether the arguments of all calls are whole JSON objects; true if there are no calls. */
    public boolean areComplete() {
        return !broken && calls.values().stream().allMatch(call -> isObject(call.arguments));
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
            // That it is not whole is all that is asked.
            return false;
        }
    }
}
