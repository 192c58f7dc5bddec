package dev.understudy.protocol.recovery;

import dev.understudy.protocol.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The member {@code understudy} by which a stream tells what it is beside the answer: that this is not from one attempt
 * ({@code {"recovery":"continue","trail":"…"}}), by whom it is where the response's headers could not say so ({@code
 * {"trail":"…"}}), or what was added to it ({@code {"warning":"…"}}). Clients that do not know it ignore it.
 */
public final class RecoveryMark {
    static final String NAME = "understudy";

    private static final String FINISH_ADDED = "the provider ended the stream without a finish_reason; it was added";

    private RecoveryMark() {}

    /**
     * The event that tells a caller who opted in to {@code restart} to forget what came: the answer begins anew with the
     * next event. It has no choices, so that nothing of it is taken for text.
     *
     * @param id the stream's id, of the first attempt
     * @param created the stream's time of creation, in seconds since 1970; 0 is written if it is not known
     * @param model the model that will answer, as far as it is known; else empty
     * @param trail the attempts so far
     * @return an event with its blank line, as UTF-8
     */
    public static byte[] restart(String id, OptionalLong created, String model, String trail) {
        return chunk("restart", id, created, model, trail);
    }

    /**
     * An event of the same form that tells that the answer was continued by another attempt; for continuations that were
     * translated, which come without an event of their own to carry the mark.
     */
    public static byte[] continued(String id, OptionalLong created, String model, String trail) {
        return chunk("continue", id, created, model, trail);
    }

    /**
     * An event that tells the trail of an answer that is from one attempt. Unlike a mark of recovery it goes to callers who
     * expect nothing but an ordinary stream, some of whom take the first choice of every chunk without looking whether
     * there is one: so it has a choice, with nothing in it.
     */
    public static byte[] trail(String id, OptionalLong created, String model, String trail) {
        return chunk(id, created, model, List.of(nothing()), Map.of("trail", new JsonValue.Text(trail)));
    }

    /** An event of the same form that tells what was added to the answer, or is odd about it. */
    public static byte[] warning(String id, OptionalLong created, String model, String warning) {
        return chunk(id, created, model, List.of(nothing()), Map.of("warning", new JsonValue.Text(warning)));
    }

    /**
     * The chunk that a stream lacks whose provider sent {@code [DONE]}, but no {@code finish_reason}.
     *
     * @param reasons the finish reason of each choice, by its index
     */
    public static byte[] ended(String id, OptionalLong created, String model, Map<Integer, String> reasons) {
        List<JsonValue> choices = new ArrayList<>();
        reasons.forEach((index, reason) -> choices.add(choice(index, new JsonValue.Text(reason))));
        return chunk(id, created, model, choices, Map.of("warning", new JsonValue.Text(FINISH_ADDED)));
    }

    private static JsonValue nothing() {
        return choice(0, new JsonValue.Null());
    }

    private static JsonValue choice(int index, JsonValue finishReason) {
        Map<String, JsonValue> choice = new LinkedHashMap<>();
        choice.put("index", SummedUsage.number(index));
        choice.put("delta", new JsonValue.Obj(Map.of()));
        choice.put("finish_reason", finishReason);
        return new JsonValue.Obj(choice);
    }

    private static byte[] chunk(String recovery, String id, OptionalLong created, String model, String trail) {
        return chunk(id, created, model, List.of(), members(recovery, trail));
    }

    /**
     * A chunk of a chat completion that tells something of the stream it is in.
     *
     * @param told the members of {@code understudy}
     * @return an event with its blank line, as UTF-8
     */
    private static byte[] chunk(
            String id, OptionalLong created, String model, List<JsonValue> choices, Map<String, JsonValue> told) {
        Map<String, JsonValue> chunk = new LinkedHashMap<>();
        chunk.put("id", new JsonValue.Text(id));
        chunk.put("object", new JsonValue.Text("chat.completion.chunk"));
        chunk.put("created", SummedUsage.number(created.orElse(0)));
        chunk.put("model", new JsonValue.Text(model));
        chunk.put("choices", new JsonValue.Arr(choices));
        chunk.put(NAME, new JsonValue.Obj(told));
        return event(new JsonValue.Obj(chunk)).getBytes(StandardCharsets.UTF_8);
    }

    /** Adds the mark to a chunk, beside what it tells already. */
    static void put(Map<String, JsonValue> chunk, String recovery, String trail) {
        Map<String, JsonValue> told = members(recovery, trail);
        if (chunk.get(NAME) instanceof JsonValue.Obj before) {
            before.members().forEach(told::putIfAbsent);
        }
        chunk.put(NAME, new JsonValue.Obj(told));
    }

    private static Map<String, JsonValue> members(String recovery, String trail) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("recovery", new JsonValue.Text(recovery));
        members.put("trail", new JsonValue.Text(trail));
        return members;
    }

    /** One server-sent event. JSON text holds no raw line breaks, so one data line is always enough. */
    static String event(JsonValue.Obj chunk) {
        return "data: " + chunk.toJson() + "\n\n";
    }
}
