package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads calls of tools and keeps apart the pieces in which they come: by their ids and indexes, and where a provider gives
 * all of them the same index, by a new id or name.
 */
final class Calls {
    private static final NameTable CALL =
            NameTable.of("index", "id", "function", "custom", "extra_content", "provider_specific_fields");
    private static final NameTable FUNCTION = NameTable.of("name", "arguments");
    private static final NameTable SIGNATURE = NameTable.of("google", "thought_signature");

    private final JsonWalk walk;
    private final List<EventKind> pieces = new ArrayList<>();
    private final Map<Integer, KnownCalls> known = new HashMap<>();

    /**
     * @param numbered whether it says its index itself
     * @param custom the call of a custom tool, as JSON; empty if it is a function's
     */
    private record EventKind(
            long index, boolean numbered, String id, String name, String arguments, String signature, String custom) {
        boolean saysNothing() {
            return id.isEmpty() && name.isEmpty() && arguments.isEmpty() && custom.isEmpty();
        }
    }

    // Of the piece at hand.
    private long index;
    private boolean numbered;
    private String id = "";
    private String name = "";
    private String arguments = "";
    private String signature = "";
    private String custom = "";

    Calls(JsonWalk walk) {
        this.walk = walk;
    }

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Forgets the pieces, not the calls to which the next ones may belong. */
    void clear() {
        pieces.clear();
    }

    /** {@code tool_calls}. */
    void list() throws MalformedJson {
        int[] position = {0};
        walk.array(() -> {
            begin(position[0]++);
            walk.object(CALL, this::member);
            end();
        });
    }

    /** {@code function_call}, which there is one of and without an id. */
    void function() throws MalformedJson {
        begin(0);
        walk.object(FUNCTION, this::function);
        end();
    }

    private void begin(int position) {
        index = position;
        numbered = false;
        id = "";
        name = "";
        arguments = "";
        signature = "";
        custom = "";
    }

    private void end() {
        EventKind event = new EventKind(index, numbered, id, name, arguments, signature, custom);
        if (!event.saysNothing()) {
            pieces.add(event);
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
        switch (member) {
            case "name" -> name = walk.text();
            // A few providers send the object itself.
            case "arguments" -> arguments = walk.token() == Token.START_OBJECT ? walk.json() : walk.text();
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

    void tell(int choice, Consumer<StreamEvent> to) {
        for (EventKind event : pieces) {
            if (event.custom().isEmpty()) {
                tell(choice, event, to);
            } else {
                to.accept(new StreamEvent.ForeignCame(choice, foreign(event)));
            }
        }
    }

    private void tell(int choice, EventKind event, Consumer<StreamEvent> to) {
        KnownCalls calls = known.computeIfAbsent(choice, first -> new KnownCalls());
        KnownCalls.Call call = calls.of(event.index(), event.id(), event.name());
        call.signature = call.signature.isEmpty() ? event.signature() : call.signature;
        call.waiting.append(event.arguments());
        if (call.name.isEmpty()) {
            return;
        }
        if (call.number < 0) {
            calls.number(call);
            to.accept(new StreamEvent.ToolCallBegan(choice, call.number, call.id, call.name, call.signature));
        }
        if (!call.waiting.isEmpty()) {
            to.accept(new StreamEvent.ToolCallDelta(choice, call.number, call.waiting.toString()));
            call.waiting.setLength(0);
        }
    }

    private static Part.Foreign foreign(EventKind event) {
        return new Part.Foreign(OpenAiDialect.NAME, "custom", JsonOut.text(json -> {
            json.writeStartObject();
            if (event.numbered()) {
                json.writeNumberField("index", event.index());
            }
            if (!event.id().isEmpty()) {
                json.writeStringField("id", event.id());
            }
            json.writeStringField("type", "custom");
            json.writeFieldName("custom");
            json.writeRawValue(event.custom());
            json.writeEndObject();
        }));
    }
}
