package dev.understudy.protocol.chat.recovery;

import dev.understudy.protocol.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The member {@code understudy} by which a stream tells that its answer is not from one attempt:
 * {@code {"recovery":"continue","trail":"…"}}. Clients that do not know it pass over it.
 */
public final class RecoveryMark {
    static final String NAME = "understudy";

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

    private static byte[] chunk(String recovery, String id, OptionalLong created, String model, String trail) {
        Map<String, JsonValue> chunk = new LinkedHashMap<>();
        chunk.put("id", new JsonValue.Text(id));
        chunk.put("object", new JsonValue.Text("chat.completion.chunk"));
        chunk.put("created", SummedUsage.number(created.orElse(0)));
        chunk.put("model", new JsonValue.Text(model));
        chunk.put("choices", new JsonValue.Arr(List.of()));
        chunk.put(NAME, member(recovery, trail));
        return event(new JsonValue.Obj(chunk)).getBytes(StandardCharsets.UTF_8);
    }

    static JsonValue member(String recovery, String trail) {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        members.put("recovery", new JsonValue.Text(recovery));
        members.put("trail", new JsonValue.Text(trail));
        return new JsonValue.Obj(members);
    }

    /** One server-sent event. JSON text holds no raw line breaks, so one data line is always enough. */
    static String event(JsonValue.Obj chunk) {
        return "data: " + chunk.toJson() + "\n\n";
    }
}
