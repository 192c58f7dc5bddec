package dev.understudy.protocol.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

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

    private final ObjectNode choice;
    private final ObjectNode delta;
    private String textBefore = "";

    /** @param choice is changed into the one that the caller gets */
    ContinuationDelta(ObjectNode choice, boolean begun, Seam seam) {
        this.seam = seam;
        this.continued = isFirst(choice);
        this.choice = choice;
        if (choice.get("delta") instanceof ObjectNode came) {
            delta = came;
            if (begun) {
                delta.remove("role");
            }
            if (continued) {
                text();
            }
        } else {
            delta = JsonNodeFactory.instance.objectNode();
            if (continued && ends()) {
                textBefore = seam.end();
            }
        }
    }

    /** A choice without an index is the first one. */
    private static boolean isFirst(JsonNode choice) {
        JsonNode index = choice.path("index");
        return !index.isNumber() || index.asText().equals("0");
    }

    private void text() {
        JsonNode content = delta.path("content");
        boolean last = ends() || OTHER_CONTENT.stream().anyMatch(name -> saysSomething(delta.path(name)));
        String came = content.asText();
        if (content.isTextual() && !came.isEmpty()) {
            String passed = seam.accept(came) + (last ? seam.end() : "");
            if (passed.isEmpty()) {
                delta.remove("content");
            } else {
                delta.put("content", passed);
            }
            if (!passed.equals(came) && choice.has("logprobs")) {
                // They belong to the tokens that came, which are no longer the ones that go out.
                choice.putNull("logprobs");
            }
        } else if (content instanceof ArrayNode parts && !parts.isEmpty()) {
            delta.set("content", parts(parts, last));
        } else {
            if (content.isTextual()) {
                delta.remove("content");
            }
            textBefore = last ? seam.end() : "";
        }
    }

    /** Text in parts, as Mistral streams it beside its reasoning. */
    private ArrayNode parts(ArrayNode parts, boolean last) {
        ArrayNode passed = JsonNodeFactory.instance.arrayNode();
        for (JsonNode part : parts) {
            if (part instanceof ObjectNode members && members.path("text").isTextual()) {
                addPart(passed, members, seam.accept(members.path("text").textValue()));
            } else {
                passed.add(part);
            }
        }
        if (last) {
            addPart(passed, JsonNodeFactory.instance.objectNode().put("type", "text"), seam.end());
        }
        return passed;
    }

    private static void addPart(ArrayNode parts, ObjectNode part, String text) {
        if (!text.isEmpty()) {
            parts.add(part.put("text", text));
        }
    }

    /** Whether this is the choice's last event. */
    boolean ends() {
        JsonNode reason = choice.path("finish_reason");
        return reason.isTextual() && !reason.textValue().isEmpty();
    }

    /** Whether a client would notice anything of it. */
    boolean says() {
        if (ends() || saysSomething(choice.path("message"))) {
            return true;
        }
        for (JsonNode value : delta) {
            if (saysSomething(value)) {
                return true;
            }
        }
        return false;
    }

    /** Text that was held back and has to go out first. */
    String textBefore() {
        return textBefore;
    }

    /** Everything but a missing or null value, an empty string, list or object. */
    private static boolean saysSomething(JsonNode value) {
        return switch (value.getNodeType()) {
            case MISSING, NULL -> false;
            case STRING -> !value.textValue().isEmpty();
            case ARRAY, OBJECT -> !value.isEmpty();
            case NUMBER, BOOLEAN, BINARY, POJO -> true;
        };
    }
}
