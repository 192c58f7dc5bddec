package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes turns as the items of an input. The first instructions, if they are words only, stand apart in {@code
 * instructions}; later ones are messages of the developer's where they are.
 */
final class ItemsWriter {
    private final List<String> warnings;
    private final ContentWriter contents;
    private final CallIds ids = new CallIds();
    private final List<String> items = new ArrayList<>();
    private final List<Part.Foreign> kept = new ArrayList<>();
    private final List<String> message = new ArrayList<>();

    private ItemsWriter(ModelCapabilities capabilities, List<String> warnings) {
        this.warnings = warnings;
        this.contents = new ContentWriter(capabilities);
    }

    /**
     * Writes them.
     *
     * @param instruction to be added to the instructions; empty for none
     */
    static Input write(List<Turn> turns, String instruction, ModelCapabilities capabilities, List<String> warnings)
            throws UntranslatableRequest {
        ItemsWriter writer = new ItemsWriter(capabilities, warnings);
        String instructions = instructions(turns);
        for (Turn turn : turns.subList(instructions.isEmpty() ? 0 : 1, turns.size())) {
            writer.turn(turn);
        }
        if (capabilities.prefill() != Can.YES && endsOpen(turns)) {
            warnings.add("messages: end with the assistant; the model answers anew and does not go on");
        }
        String all = instructions.isEmpty() || instruction.isEmpty()
                ? instructions + instruction
                : instructions + "\n\n" + instruction;
        return new Input(all, writer.items, writer.kept);
    }

    private static boolean endsOpen(List<Turn> turns) {
        return !turns.isEmpty()
                && turns.getLast().role() == Role.ASSISTANT
                && !turns.getLast().parts().isEmpty()
                && turns.getLast().parts().getLast() instanceof Part.Text;
    }

    private static String instructions(List<Turn> turns) {
        if (turns.isEmpty() || turns.getFirst().role() != Role.SYSTEM) {
            return "";
        }
        List<String> words = new ArrayList<>();
        for (Part part : turns.getFirst().parts()) {
            if (part instanceof Part.Text text) {
                words.add(text.text());
            } else if (!(part instanceof Part.CachePoint)) {
                return "";
            }
        }
        return String.join("\n\n", words);
    }

    private void turn(Turn turn) throws UntranslatableRequest {
        if (!turn.name().isEmpty()) {
            warnings.add("name: dropped, Responses has none");
        }
        for (Part part : turn.parts()) {
            switch (part) {
                case Part.Text text -> text(turn.role(), text);
                case Part.Refusal refusal -> refusal(turn.role(), refusal);
                case Part.Media media -> media(turn.role(), media);
                case Part.ToolCall call -> call(turn.role(), call);
                case Part.ToolResult result -> result(turn.role(), result);
                case Part.Reasoning thinking -> thinking(turn.role(), thinking);
                case Part.Foreign foreign -> foreign(turn.role(), foreign);
                case Part.CachePoint point -> {
                    // OpenAI finds by itself what is worth keeping.
                }
            }
        }
        flush(turn.role());
    }

    private void text(Role role, Part.Text text) {
        message.add(role == Role.ASSISTANT ? ContentWriter.said(text) : ContentWriter.text(text.text()));
    }

    private void refusal(Role role, Part.Refusal refusal) {
        message.add(
                role == Role.ASSISTANT ? ContentWriter.refusal(refusal.text()) : ContentWriter.text(refusal.text()));
    }

    private void media(Role role, Part.Media media) throws UntranslatableRequest {
        if (role == Role.ASSISTANT) {
            throw new UntranslatableRequest("messages", "Responses has no place for what an assistant drew or spoke");
        }
        message.add(contents.media(media));
    }

    private void call(Role role, Part.ToolCall call) {
        item(role, json -> {
            json.writeStringField("type", "function_call");
            json.writeStringField("call_id", ids.ofCall(call));
            json.writeStringField("name", call.name());
            json.writeStringField("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
        });
    }

    private void result(Role role, Part.ToolResult result) throws UntranslatableRequest {
        if (result.failed()) {
            warnings.add("is_error: dropped, Responses has none; the result's words have to tell");
        }
        String output = contents.output(result.content());
        item(role, json -> {
            json.writeStringField("type", "function_call_output");
            json.writeStringField("call_id", ids.ofResult(result));
            json.writeFieldName("output");
            RawJson.write(json, output);
        });
    }

    private void thinking(Role role, Part.Reasoning thinking) {
        if (!thinking.origin().equals(ResponsesDialect.NAME)
                || thinking.hidden().isEmpty()) {
            return;
        }
        item(role, json -> {
            json.writeStringField("type", "reasoning");
            if (!thinking.signature().isEmpty()) {
                json.writeStringField("id", thinking.signature());
            }
            json.writeArrayFieldStart("summary");
            if (!thinking.text().isEmpty()) {
                json.writeStartObject();
                json.writeStringField("type", "summary_text");
                json.writeStringField("text", thinking.text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("encrypted_content", thinking.hidden());
        });
    }

    private void foreign(Role role, Part.Foreign foreign) throws UntranslatableRequest {
        if (foreign.dialect().equals(ResponsesDialect.NAME)) {
            if (RequestReader.KEPT_THERE.contains(foreign.kind())) {
                kept.add(foreign);
            } else {
                flush(role);
                items.add(foreign.json());
            }
        } else if (role == Role.ASSISTANT) {
            warnings.add("messages: " + foreign.kind() + " of the assistant left out, Responses has none");
        } else {
            throw new UntranslatableRequest("messages", "Responses has no " + foreign.kind());
        }
    }

    private void item(Role role, JsonOut.Content members) {
        flush(role);
        items.add(JsonOut.text(json -> {
            json.writeStartObject();
            members.writeTo(json);
            json.writeEndObject();
        }));
    }

    /** Writes the message that has come together. */
    private void flush(Role role) {
        if (message.isEmpty()) {
            return;
        }
        String content = "[" + String.join(",", message) + "]";
        message.clear();
        items.add(JsonOut.text(json -> message(json, role, content)));
    }

    private static void message(JsonGenerator json, Role role, String content) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "message");
        json.writeStringField(
                "role", role == Role.SYSTEM ? "developer" : role.name().toLowerCase(Locale.ROOT));
        json.writeFieldName("content");
        RawJson.write(json, content);
        json.writeEndObject();
    }
}
