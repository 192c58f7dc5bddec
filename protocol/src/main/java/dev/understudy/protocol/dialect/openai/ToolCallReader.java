package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Reads tool calls and tells apart the pieces in which they come: by their ids and indexes, and where a provider gives all of
 * them the same index, by a new id or name.
 */
final class ToolCallReader {
    private static final NameTable CALL =
            NameTable.of("index", "id", "function", "custom", "extra_content", "provider_specific_fields");
    private static final NameTable FUNCTION = NameTable.of("name", "arguments");
    private static final NameTable SIGNATURE = NameTable.of("google", "thought_signature");

    /** More calls than any answer has: memory stays small whatever a broken stream sends. */
    private static final int MOST = 4_096;

    private final JsonWalk walk;
    private final List<Piece> pieces = new ArrayList<>(0);
    private final Map<Integer, ChoiceCalls> known = new HashMap<>(2);

    /**
     * @param numbered whether it says its index itself
     * @param object whether the arguments came as an object, and are therefore whole
     * @param custom the call of a custom tool, as JSON; empty if it is a function's
     */
    private record Piece(
            long index,
            boolean numbered,
            String id,
            String name,
            String arguments,
            boolean object,
            String signature,
            String custom) {
        boolean saysNothing() {
            return id.isEmpty() && name.isEmpty() && arguments.isEmpty() && custom.isEmpty();
        }
    }

    /** Whether one of the pieces says something: a few providers send empty ones beside text. */
    private boolean saying;

    // Of the piece at hand.
    private long index;
    private boolean numbered;
    private String id = "";
    private String name = "";
    private String arguments = "";
    private boolean object;
    private String signature = "";
    private String custom = "";
    private boolean anyMember;

    ToolCallReader(JsonWalk walk) {
        this.walk = walk;
    }

    /** Whether there is no piece, not even one that says nothing. */
    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Whether a piece has anything of a call. */
    boolean isSaying() {
        return saying;
    }

    /** Forgets the pieces, not the calls to which the next ones may belong. */
    void clear() {
        saying = false;
        pieces.clear();
    }

    /** {@code tool_calls}. */
    void list() throws MalformedJson {
        int[] position = {0};
        walk.array(() -> {
            begin(position[0]++);
            walk.object(CALL, this::member);
            end(true);
        });
    }

    /** {@code function_call}, which there is one of and without an id. */
    void function() throws MalformedJson {
        begin(0);
        walk.object(FUNCTION, this::function);
        end(anyMember);
    }

    private void begin(int position) {
        index = position;
        numbered = false;
        id = "";
        name = "";
        arguments = "";
        object = false;
        signature = "";
        custom = "";
        anyMember = false;
    }

    /** @param present whether there is a call at all, even if nothing is known of it */
    private void end(boolean present) {
        // Some providers send an empty custom tool beside each function.
        String ofCustom = anyMember ? "" : custom;
        Piece piece = new Piece(index, numbered, id, name, arguments, object, signature, ofCustom);
        if (present) {
            pieces.add(piece);
            saying |= !piece.saysNothing();
        }
    }

    private void member(String member) throws MalformedJson {
        switch (member) {
            case "index" -> {
                index = Math.max(0, walk.whole(index));
                numbered = true;
            }
            case "id" -> id = walk.text();
            case "function" -> walk.object(FUNCTION, this::function);
            case "custom" -> custom = walk.token() == Token.START_OBJECT ? walk.json() : "";
            case "extra_content", "provider_specific_fields" -> walk.object(SIGNATURE, this::signature);
            default -> {}
        }
    }

    private void function(String member) throws MalformedJson {
        anyMember = true;
        switch (member) {
            case "name" -> name = walk.text();
            // A few providers send the object itself.
            case "arguments" -> {
                object = walk.token() == Token.START_OBJECT;
                arguments = object ? walk.json() : walk.text();
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

    /** Where bytes are passed through, a call counts whatever it lacks: the caller's client decides what it is worth. */
    void tell(int choice, AnswerFacts facts) {
        for (Piece piece : pieces) {
            if (piece.object() || !piece.custom().isEmpty()) {
                facts.uncheckedToolCall(choice);
                continue;
            }
            Call call = callOf(choice, piece);
            begin(choice, call);
            facts.toolCall(choice, call.number, piece.arguments());
        }
    }

    /** As events a call is told when its name is known: until then no other dialect has a form for it. */
    void tell(int choice, Consumer<StreamEvent> to) {
        for (Piece piece : pieces) {
            if (!piece.custom().isEmpty()) {
                to.accept(new StreamEvent.ForeignCame(choice, foreign(piece)));
                continue;
            }
            Call call = callOf(choice, piece);
            call.waiting.append(call.more(piece));
            if (call.name.isEmpty()) {
                continue;
            }
            if (begin(choice, call)) {
                to.accept(new StreamEvent.ToolCallBegan(choice, call.number, call.id, call.name, call.signature));
            }
            if (!call.waiting.isEmpty()) {
                to.accept(new StreamEvent.ToolCallDelta(choice, call.number, call.waiting.toString()));
                call.waiting.setLength(0);
            }
        }
    }

    /** Whether one of these choices has a call that was not told because its name has not come. */
    boolean hasNameless(IntPredicate choices) {
        return known.entrySet().stream()
                .anyMatch(choice ->
                        choices.test(choice.getKey()) && choice.getValue().hasNameless());
    }

    private Call callOf(int choice, Piece piece) {
        ChoiceCalls calls = known.computeIfAbsent(choice, first -> new ChoiceCalls());
        Call call = calls.of(piece.index(), piece.id(), piece.name());
        call.signature = call.signature.isEmpty() ? piece.signature() : call.signature;
        return call;
    }

    /** Whether the call begins with this; numbers it then. */
    private boolean begin(int choice, Call call) {
        if (call.number >= 0) {
            return false;
        }
        ChoiceCalls calls = known.computeIfAbsent(choice, first -> new ChoiceCalls());
        call.number = calls.told++;
        return true;
    }

    private static Part.Foreign foreign(Piece piece) {
        return new Part.Foreign(OpenAiDialect.NAME, "custom", JsonOut.text(json -> {
            json.writeStartObject();
            if (piece.numbered()) {
                json.writeNumberField("index", piece.index());
            }
            if (!piece.id().isEmpty()) {
                json.writeStringField("id", piece.id());
            }
            json.writeStringField("type", "custom");
            json.writeFieldName("custom");
            json.writeRawValue(piece.custom());
            json.writeEndObject();
        }));
    }

    private static final class Call {
        int number = -1;
        String id = "";
        String name = "";
        String signature = "";
        boolean whole;
        final StringBuilder waiting = new StringBuilder(0);

        /** What a piece adds to the arguments: an object that comes once more is the same again. */
        String more(Piece piece) {
            boolean repeated = whole && piece.object();
            whole |= piece.object();
            return repeated ? "" : piece.arguments();
        }
    }

    /** The calls of one choice that have begun on the wire. */
    private static final class ChoiceCalls {
        private final Map<Long, Call> byIndex = new HashMap<>();
        private final Map<String, Call> byId = new HashMap<>();
        private int told;

        /** The call that a piece belongs to, which begins with it if it is none of those before. */
        Call of(long index, String id, String name) {
            Call last = byIndex.get(index);
            // What has a name under an index of its own begins, even if its id has been there.
            Call call = last == null && !name.isEmpty() ? null : byId.get(id);
            if (call == null && last != null && !begins(last, id, name)) {
                call = last;
            }
            boolean full = told >= MOST || byIndex.size() >= MOST;
            if (call == null) {
                call = new Call();
                if (!full) {
                    byIndex.put(index, call);
                }
            }
            call.id = call.id.isEmpty() ? id : call.id;
            call.name = call.name.isEmpty() ? name : call.name;
            if (!full && !id.isEmpty() && id.equals(call.id)) {
                byId.put(id, call);
            }
            return call;
        }

        boolean hasNameless() {
            return byIndex.values().stream().anyMatch(call -> call.number < 0);
        }

        /** A piece that continues a call has no name, or the same one. The id alone proves nothing: some providers change it. */
        private static boolean begins(Call last, String id, String name) {
            boolean anotherId = !id.isEmpty() && !id.equals(last.id);
            return !name.isEmpty() && !last.name.isEmpty() && (anotherId || !name.equals(last.name));
        }
    }
}
