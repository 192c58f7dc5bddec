package dev.understudy.protocol.chat;

import dev.understudy.protocol.json.JsonValue;
import dev.understudy.protocol.recovery.RecoveryMark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Writes the chunk that a stream lacks if its provider said {@code [DONE]}, but no {@code finish_reason}. */
final class FinishChunk {
    /** What is said of the addition, to callers and in remarks. */
    static final String WARNING = "the provider ended the stream without a finish_reason; it was added";

    private FinishChunk() {}

    /**
     * @param reasons why each choice ended, by its index
     * @return an event with its blank line, as UTF-8
     */
    static byte[] of(String id, OptionalLong created, String model, Map<Integer, String> reasons) {
        List<JsonValue> choices = new ArrayList<>();
        reasons.forEach((index, reason) -> {
            Map<String, JsonValue> choice = new LinkedHashMap<>();
            choice.put("index", new JsonValue.Num(Integer.toString(index)));
            choice.put("delta", new JsonValue.Obj(Map.of()));
            choice.put("finish_reason", new JsonValue.Text(reason));
            choices.add(new JsonValue.Obj(choice));
        });
        return RecoveryMark.chunk(id, created, model, choices, Map.of("warning", new JsonValue.Text(WARNING)));
    }
}
