package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Conversation;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes turns as messages. For one request. */
final class MessageWriter {
    /** OpenAI rejects longer ids of calls. */
    private static final ToolCallIds.Rule IDS = new ToolCallIds.Rule(Pattern.compile("(?s).{1,40}"), "call_", 24);

    /** Mistral takes nine letters and digits. */
    static final ToolCallIds.Rule MISTRAL_IDS = new ToolCallIds.Rule(Pattern.compile("[a-zA-Z0-9]{9}"), "", 9);

    private final ModelFamily family;
    private final List<String> warnings;
    private final PartWriter parts;

    /** Whether a call without reasoning is refused. */
    private final boolean required;

    private final ToolCallIds ids;
    private final List<String> messages = new ArrayList<>();

    /** The user's content after results, until the last result of the preceding calls has come. */
    private final List<Part> held = new ArrayList<>();

    /** @param reasons whether the model will reason before it answers */
    MessageWriter(
            ModelFamily family,
            ModelCapabilities capabilities,
            boolean reasons,
            CacheMarks marks,
            List<String> warnings) {
        this.family = family;
        this.required = reasons
                && (family == ModelFamily.DEEPSEEK || family == ModelFamily.INTERLEAVED)
                && capabilities.traits().has(ModelTraits.Flag.REASONING_REQUIRED);
        this.warnings = warnings;
        this.parts = new PartWriter(family, capabilities, marks, warnings);
        this.ids = new ToolCallIds(family == ModelFamily.MISTRAL ? MISTRAL_IDS : IDS);
    }

    static boolean speaksOfJson(List<Turn> turns) {
        return turns.stream()
                .flatMap(turn -> turn.parts().stream())
                .anyMatch(part -> part instanceof Part.Text text
                        && text.text().toLowerCase(Locale.ROOT).contains("json"));
    }

    /** @param instruction to be put before everything; empty for none */
    List<String> messages(List<Turn> turns, String instruction) throws UntranslatableRequest {
        if (!instruction.isEmpty()) {
            system(instruction, "");
        }
        List<Turn> ordered = turns;
        if (!inOrder(turns)) {
            Conversation conversation = Conversation.of(turns);
            warnings.addAll(conversation.warnings());
            ordered = new ArrayList<>();
            if (!conversation.instructions().isEmpty()) {
                ordered.add(Turn.of(Role.SYSTEM, conversation.instructions()));
            }
            ordered.addAll(conversation.turns());
        }
        for (int i = 0; i < ordered.size(); i++) {
            Turn turn = ordered.get(i);
            switch (turn.role()) {
                case SYSTEM -> system(turn);
                case USER -> user(turn, i + 1 < ordered.size() && answers(ordered.get(i + 1)));
                case ASSISTANT -> assistant(turn, i == ordered.size() - 1);
            }
        }
        return messages;
    }

    /** Whether each call has its result in the turns right behind it, and there is no other result. */
    private static boolean inOrder(List<Turn> turns) {
        Set<String> open = new HashSet<>();
        for (Turn turn : turns) {
            boolean answers = false;
            for (Part part : turn.parts()) {
                if (part instanceof Part.Foreign foreign && foreign.dialect().equals(OpenAiDialect.NAME)) {
                    // From a caller of this dialect, in whose order it stands.
                    return true;
                }
                if (part instanceof Part.ToolResult result) {
                    answers = true;
                    if (!open.remove(result.id())) {
                        return false;
                    }
                }
            }
            if (!answers && !open.isEmpty()) {
                return false;
            }
            for (Part part : turn.parts()) {
                if (part instanceof Part.ToolCall call) {
                    open.add(call.id());
                }
            }
        }
        return open.isEmpty();
    }

    private static boolean answers(Turn turn) {
        return turn.role() == Role.USER && turn.parts().stream().anyMatch(Part.ToolResult.class::isInstance);
    }

    private void system(Turn turn) throws UntranslatableRequest {
        boolean marked = turn.parts().stream().anyMatch(Part.CachePoint.class::isInstance);
        List<String> content = marked && isText(turn.parts()) ? parts.content(turn.parts()) : List.of();
        if (PartWriter.isMarked(content)) {
            messages.add(JsonOut.text(json -> {
                head(json, "system", turn.name());
                list(json, content);
                json.writeEndObject();
            }));
        } else {
            system(PartWriter.text(turn.parts()), turn.name());
        }
    }

    private static boolean isText(List<Part> parts) {
        return parts.stream().allMatch(part -> part instanceof Part.Text || part instanceof Part.CachePoint);
    }

    private static void list(JsonGenerator json, List<String> content) throws IOException {
        json.writeArrayFieldStart("content");
        for (String part : content) {
            json.writeRawValue(part);
        }
        json.writeEndArray();
    }

    private void system(String text, String name) {
        messages.add(JsonOut.text(json -> {
            head(json, "system", name);
            json.writeStringField("content", text);
            json.writeEndObject();
        }));
    }

    /** Results go first; their media follow in the user's message, since results are text. */
    private void user(Turn turn, boolean moreResults) throws UntranslatableRequest {
        List<Part> rest = new ArrayList<>(held);
        held.clear();
        for (Part part : turn.parts()) {
            if (part instanceof Part.ToolResult result) {
                result(result, rest);
            }
        }
        for (Part part : turn.parts()) {
            if (!(part instanceof Part.ToolResult)) {
                rest.add(part);
            }
        }
        if (moreResults && answers(turn)) {
            held.addAll(rest);
            return;
        }
        List<String> content = parts.content(rest);
        if (content.isEmpty()) {
            return;
        }
        if (family == ModelFamily.MISTRAL && answers(turn)) {
            // Mistral refuses a user's message right behind a tool's.
            messages.add("{\"role\":\"assistant\",\"content\":\"OK.\"}");
        }
        messages.add(JsonOut.text(json -> {
            head(json, "user", turn.name());
            if (isText(rest) && !PartWriter.isMarked(content)) {
                json.writeStringField("content", PartWriter.text(rest));
            } else {
                list(json, content);
            }
            json.writeEndObject();
        }));
    }

    private void result(Part.ToolResult result, List<Part> media) {
        String id = ids.ofResult(result.id(), result.name());
        String text = PartWriter.text(result.content());
        boolean more = false;
        for (Part part : result.content()) {
            if (part instanceof Part.Media some) {
                if (!more) {
                    media.add(Part.Text.of("(From the result of the call " + id + ":)"));
                }
                media.add(some);
                more = true;
            }
        }
        if (result.failed()) {
            warnings.add("is_error: dropped, not supported by Chat Completions; the result's text must say it");
        }
        String said = text.isEmpty() && more ? "(The result is in the next message.)" : text;
        messages.add(JsonOut.text(json -> {
            json.writeStartObject();
            json.writeStringField("role", "tool");
            json.writeStringField("tool_call_id", id);
            json.writeStringField("content", said);
            json.writeEndObject();
        }));
    }

    private void assistant(Turn turn, boolean last) {
        List<Part.ToolCall> calls = new ArrayList<>();
        List<Part.Foreign> custom = new ArrayList<>();
        List<Part.Reasoning> reasoning = new ArrayList<>();
        for (Part part : turn.parts()) {
            switch (part) {
                case Part.ToolCall call -> calls.add(call);
                case Part.Reasoning some -> reasoning.add(some);
                case Part.Foreign foreign when foreign.dialect().equals(OpenAiDialect.NAME) -> custom.add(foreign);
                case Part.Foreign foreign ->
                    warnings.add("messages: a " + foreign.kind() + " of " + foreign.dialect() + " was dropped");
                case Part.Media media -> warnings.add("messages: media in an assistant message were dropped");
                case Part.Text text -> {}
                case Part.Refusal refusal -> {}
                case Part.ToolResult result -> {}
                case Part.CachePoint point -> {}
            }
        }
        // Only OpenAI has a member for it.
        String refusal = family.isOpenAi() ? refusal(turn.parts()) : "";
        String text = text(turn.parts(), family.isOpenAi() ? "" : refusal(turn.parts()));
        if (text.isEmpty() && refusal.isEmpty() && calls.isEmpty() && custom.isEmpty()) {
            return;
        }
        messages.add(JsonOut.text(json -> {
            head(json, "assistant", turn.name());
            if (text.isEmpty()) {
                json.writeNullField("content");
            } else {
                json.writeStringField("content", text);
            }
            if (!refusal.isEmpty()) {
                json.writeStringField("refusal", refusal);
            }
            reasoning(json, reasoning, !calls.isEmpty());
            calls(json, calls, custom);
            if (last && family == ModelFamily.MISTRAL && calls.isEmpty()) {
                // The message is to be continued; Mistral rejects an assistant message at the end without this.
                json.writeBooleanField("prefix", true);
            }
            json.writeEndObject();
        }));
    }

    /** The texts of an answer are joined without a separator: citations and calls have split them. */
    private static String text(List<Part> parts, String refusal) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text some) {
                text.append(some.text());
            }
        }
        return text.append(text.isEmpty() || refusal.isEmpty() ? "" : "\n")
                .append(refusal)
                .toString();
    }

    private static String refusal(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Refusal refusal) {
                text.append(refusal.text());
            }
        }
        return text.toString();
    }

    private void calls(JsonGenerator json, List<Part.ToolCall> calls, List<Part.Foreign> custom) throws IOException {
        for (Part.Foreign audio : custom) {
            if (audio.kind().equals("audio")) {
                json.writeFieldName("audio");
                json.writeRawValue(audio.json());
            }
        }
        List<Part.Foreign> others =
                custom.stream().filter(call -> call.kind().equals("custom")).toList();
        if (calls.isEmpty() && others.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("tool_calls");
        for (Part.ToolCall call : calls) {
            json.writeStartObject();
            json.writeStringField("id", ids.ofCall(call.id(), call.name()));
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeStringField("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
            json.writeEndObject();
            if (family == ModelFamily.GEMINI) {
                MessageJson.signature(json, call.signature());
            }
            json.writeEndObject();
        }
        for (Part.Foreign call : others) {
            json.writeRawValue(call.json());
        }
        json.writeEndArray();
    }

    /**
     * Signed reasoning goes only to the provider that it came from. The text before a call goes to the vendors that require it,
     * also if it is another vendor's: they reject a call without it, and most others a message with it.
     */
    private void reasoning(JsonGenerator json, List<Part.Reasoning> reasoning, boolean calls) throws IOException {
        List<Part.Reasoning> own = reasoning.stream()
                .filter(part -> part.origin().equals(OpenAiDialect.NAME))
                .toList();
        StringBuilder text = new StringBuilder();
        reasoning.forEach(thinking -> text.append(thinking.text()));
        boolean wanted = family == ModelFamily.DEEPSEEK || family == ModelFamily.INTERLEAVED;
        if (wanted && calls && !text.toString().isBlank()) {
            json.writeStringField("reasoning_content", text.toString());
        } else if (calls && required) {
            json.writeStringField("reasoning_content", ChatHistory.NO_REASONING);
        }
        if (own.stream().anyMatch(AnswerWriter::isSealed) && family == ModelFamily.OTHER) {
            json.writeArrayFieldStart("thinking_blocks");
            for (Part.Reasoning part : own) {
                MessageJson.thinkingBlock(
                        json, new Part.Reasoning(part.text(), part.signature(), part.hidden(), "anthropic"));
            }
            json.writeEndArray();
        }
    }

    private void head(JsonGenerator json, String role, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", role);
        if (!name.isEmpty() && family != ModelFamily.MISTRAL) {
            json.writeStringField("name", name);
        }
    }
}
