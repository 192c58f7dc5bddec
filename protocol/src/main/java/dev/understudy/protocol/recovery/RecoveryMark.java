package dev.understudy.protocol.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.understudy.protocol.json.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
        return chunk(id, created, model, List.of(nothing()), told("trail", trail));
    }

    /** An event of the same form that tells what was added to the answer, or is odd about it. */
    public static byte[] warning(String id, OptionalLong created, String model, String warning) {
        return chunk(id, created, model, List.of(nothing()), told("warning", warning));
    }

    /**
     * The chunk that a stream lacks whose provider sent {@code [DONE]}, but no {@code finish_reason}.
     *
     * @param reasons the finish reason of each choice, by its index
     */
    public static byte[] ended(String id, OptionalLong created, String model, Map<Integer, String> reasons) {
        List<JsonNode> choices = new ArrayList<>();
        reasons.forEach((index, reason) -> choices.add(choice(index, TextNode.valueOf(reason))));
        return chunk(id, created, model, choices, told("warning", FINISH_ADDED));
    }

    private static JsonNode nothing() {
        return choice(0, NullNode.getInstance());
    }

    private static JsonNode choice(int index, JsonNode finishReason) {
        ObjectNode choice = JsonNodeFactory.instance.objectNode().put("index", index);
        choice.putObject("delta");
        return choice.set("finish_reason", finishReason);
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
            String id, OptionalLong created, String model, List<JsonNode> choices, ObjectNode told) {
        ObjectNode chunk = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created.orElse(0))
                .put("model", model);
        chunk.putArray("choices").addAll(choices);
        chunk.set(NAME, told);
        return event(chunk).getBytes(StandardCharsets.UTF_8);
    }

    /** Adds the mark to a chunk, beside what it tells already. */
    static void put(ObjectNode chunk, String recovery, String trail) {
        ObjectNode told = members(recovery, trail);
        if (chunk.get(NAME) instanceof ObjectNode before) {
            before.properties().forEach(member -> told.putIfAbsent(member.getKey(), member.getValue()));
        }
        chunk.set(NAME, told);
    }

    private static ObjectNode members(String recovery, String trail) {
        return told("recovery", recovery).put("trail", trail);
    }

    private static ObjectNode told(String name, String text) {
        return JsonNodeFactory.instance.objectNode().put(name, text);
    }

    /** One server-sent event. JSON text holds no raw line breaks, so one data line is always enough. */
    static String event(ObjectNode chunk) {
        return "data: " + JsonOut.text(chunk) + "\n\n";
    }
}
