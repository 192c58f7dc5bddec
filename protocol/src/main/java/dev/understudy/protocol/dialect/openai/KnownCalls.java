package dev.understudy.protocol.dialect.openai;

import java.util.HashMap;
import java.util.Map;

/** The calls of one choice that have begun on the wire. */
final class KnownCalls {
    private final Map<Long, Call> byIndex = new HashMap<>();
    private final Map<String, Call> byId = new HashMap<>();
    private int told;

    /** A call; it is told when its name is known. */
    static final class Call {
        int number = -1;
        String id = "";
        String name = "";
        String signature = "";
        final StringBuilder waiting = new StringBuilder(0);
    }

    /** The call that a piece belongs to, which begins with it if it is none of those before. */
    Call of(long index, String id, String name) {
        Call last = byIndex.get(index);
        // What has a name under an index of its own begins, even if its id has been there.
        Call call = last == null && !name.isEmpty() ? null : byId.get(id);
        if (call == null && last != null && !begins(last, id, name)) {
            call = last;
        }
        if (call == null) {
            call = new Call();
            byIndex.put(index, call);
        }
        call.id = call.id.isEmpty() ? id : call.id;
        call.name = call.name.isEmpty() ? name : call.name;
        if (!id.isEmpty() && id.equals(call.id)) {
            byId.put(id, call);
        }
        return call;
    }

    /** What only goes on has no name, or the same; what goes on under another id is of a provider who changes ids. */
    private static boolean begins(Call last, String id, String name) {
        boolean anotherId = !id.isEmpty() && !id.equals(last.id);
        return !name.isEmpty() && !last.name.isEmpty() && (anotherId || !name.equals(last.name));
    }

    /** Numbers a call that is about to be told. */
    void number(Call call) {
        call.number = told++;
    }
}
