package dev.understudy.protocol.recovery;

import dev.understudy.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One choice of a continuation's event, made fit to follow what the caller has: without its role, which clients would
 * append to the first one, and with the text that the {@link Seam} lets through.
 */
final class ContinuationDelta {
    /** What is content beside text; before it, the text is over. */
    private static final Set<String> OTHER_CONTENT =
            Set.of("tool_calls", "function_call", "refusal", "audio", "images");

    private final Seam seam;

    /** Whether it is of the choice that the caller has text of; those of others pass. */
    private final boolean continued;

    private final Map<String, JsonValue> choice;
    private final Map<String, JsonValue> delta = new LinkedHashMap<>();
    private String textBefore = "";

    ContinuationDelta(JsonValue.Obj choice, boolean begun, Seam seam) {
        this.seam = seam;
        this.continued = isFirst(choice);
        this.choice = new LinkedHashMap<>(choice.members());
        if (choice.members().get("delta") instanceof JsonValue.Obj came) {
            delta.putAll(came.members());
            if (begun) {
                delta.remove("role");
            }
            if (continued) {
                text();
            }
            this.choice.put("delta", new JsonValue.Obj(delta));
        } else if (continued && ends()) {
            textBefore = seam.end();
        }
    }

    /** A choice without an index is the first one. */
    private static boolean isFirst(JsonValue.Obj choice) {
        return !(choice.members().get("index") instanceof JsonValue.Num number)
                || number.spelling().equals("0");
    }

    private void text() {
        JsonValue content = delta.get("content");
        boolean last = ends() || OTHER_CONTENT.stream().anyMatch(name -> saysSomething(delta.get(name)));
        if (content instanceof JsonValue.Text(String came) && !came.isEmpty()) {
            String passed = seam.accept(came) + (last ? seam.end() : "");
            replace(passed, new JsonValue.Text(passed));
            if (!passed.equals(came) && choice.containsKey("logprobs")) {
                // They belong to the tokens that came, which are no longer the ones that go out.
                choice.put("logprobs", new JsonValue.Null());
            }
        } else if (content instanceof JsonValue.Arr(List<JsonValue> parts) && !parts.isEmpty()) {
            List<JsonValue> passed = parts(parts, last);
            delta.put("content", new JsonValue.Arr(passed));
        } else {
            if (content instanceof JsonValue.Text) {
                delta.remove("content");
            }
            textBefore = last ? seam.end() : "";
        }
    }

    private void replace(String passed, JsonValue content) {
        if (passed.isEmpty()) {
            delta.remove("content");
        } else {
            delta.put("content", content);
        }
    }

    /** Text in parts, as Mistral streams it beside its reasoning. */
    private List<JsonValue> parts(List<JsonValue> parts, boolean last) {
        List<JsonValue> passed = new ArrayList<>();
        for (JsonValue part : parts) {
            if (part instanceof JsonValue.Obj(Map<String, JsonValue> members)
                    && members.get("text") instanceof JsonValue.Text(String came)) {
                addPart(passed, members, seam.accept(came));
            } else {
                passed.add(part);
            }
        }
        if (last) {
            addPart(passed, Map.of("type", new JsonValue.Text("text")), seam.end());
        }
        return passed;
    }

    private static void addPart(List<JsonValue> parts, Map<String, JsonValue> members, String text) {
        if (!text.isEmpty()) {
            Map<String, JsonValue> part = new LinkedHashMap<>(members);
            part.put("text", new JsonValue.Text(text));
            parts.add(new JsonValue.Obj(part));
        }
    }

    /** Whether this is the choice's last event. */
    boolean ends() {
        return choice.get("finish_reason") instanceof JsonValue.Text(String reason) && !reason.isEmpty();
    }

    /** Whether a client would notice anything of it. */
    boolean says() {
        return ends()
                || delta.values().stream().anyMatch(ContinuationDelta::saysSomething)
                || saysSomething(choice.get("message"));
    }

    /** Text that was held back and has to go out first. */
    String textBefore() {
        return textBefore;
    }

    JsonValue.Obj value() {
        return new JsonValue.Obj(choice);
    }

    private static boolean saysSomething(@Nullable JsonValue value) {
        return switch (value) {
            case null -> false;
            case JsonValue.Null ignored -> false;
            case JsonValue.Text(String text) -> !text.isEmpty();
            case JsonValue.Arr(List<JsonValue> items) -> !items.isEmpty();
            case JsonValue.Obj(Map<String, JsonValue> members) -> !members.isEmpty();
            case JsonValue.Num ignored -> true;
            case JsonValue.Bool ignored -> true;
        };
    }
}
