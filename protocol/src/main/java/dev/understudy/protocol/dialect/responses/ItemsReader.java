package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the input: a list of items, where other vendors have turns. What stands next to each other on the assistant's
 * side becomes one turn, and so do results of functions.
 */
final class ItemsReader {
    /** Own items that stand on the assistant's side, and may be left out elsewhere as what happened behind the scenes. */
    private static final Set<String> BEHIND_THE_SCENES = Set.of(
            "web_search_call",
            "file_search_call",
            "computer_call",
            "code_interpreter_call",
            "image_generation_call",
            "local_shell_call",
            "shell_call",
            "apply_patch_call",
            "custom_tool_call",
            "tool_search_call",
            "mcp_list_tools",
            "mcp_call",
            "mcp_approval_request",
            "program");

    private final List<Turn> turns = new ArrayList<>();
    private final List<Part> open = new ArrayList<>();
    private Role side = Role.USER;

    private ItemsReader() {}

    /** The turns of an input that is a text or a list. */
    static List<Turn> read(JsonNode input) throws BadRequest {
        ItemsReader reader = new ItemsReader();
        if (input.isTextual()) {
            return List.of(Turn.of(Role.USER, Part.Text.of(input.textValue())));
        }
        if (!input.isArray()) {
            throw Fields.wrong("input", "a text or a list of items");
        }
        for (int i = 0; i < input.size(); i++) {
            reader.item(Fields.of(input.get(i), "input[" + i + "]"));
        }
        reader.close();
        return reader.turns;
    }

    private void item(Fields item) throws BadRequest {
        // What has only a role and a content is a message, too.
        String type = item.has("type") ? item.needed("type") : "message";
        switch (type) {
            case "message" -> message(item);
            case "function_call" -> {
                String arguments = item.text("arguments");
                add(
                        Role.ASSISTANT,
                        Part.ToolCall.of(
                                item.needed("call_id"), item.needed("name"), arguments.isEmpty() ? "{}" : arguments));
            }
            case "function_call_output" -> result(item);
            case "reasoning" -> reasoning(item);
            default -> foreign(item, type);
        }
    }

    private void message(Fields item) throws BadRequest {
        JsonNode content = item.node("content");
        switch (item.needed("role")) {
            case "assistant" -> {
                for (Part part : ContentReader.known(content, item.path("content"))) {
                    add(Role.ASSISTANT, part);
                }
            }
            case "user" -> turn(Role.USER, content, item);
            case "system", "developer" -> turn(Role.SYSTEM, content, item);
            default -> throw Fields.wrong(item.path("role"), "user, assistant, system or developer");
        }
    }

    private void turn(Role role, JsonNode content, Fields item) throws BadRequest {
        close();
        Optional<List<Part>> parts = ContentReader.read(content, item.path("content"));
        turns.add(Turn.of(role, parts.orElseGet(() -> List.of(whole(item, "message")))));
    }

    private void result(Fields item) throws BadRequest {
        JsonNode output = item.node("output");
        Optional<List<Part>> content = ContentReader.read(output, item.path("output"));
        if (content.isEmpty()) {
            add(Role.USER, whole(item, "function_call_output"));
            return;
        }
        List<Part> said = content.get().stream()
                .filter(part -> !(part instanceof Part.CachePoint))
                .toList();
        add(Role.USER, new Part.ToolResult(item.needed("call_id"), item.text("name"), said, false));
    }

    private void reasoning(Fields item) throws BadRequest {
        List<String> words = new ArrayList<>();
        for (String list : List.of("summary", "content")) {
            for (JsonNode part : item.node(list)) {
                if (part.path("text").isTextual()) {
                    words.add(part.path("text").textValue());
                }
            }
        }
        add(
                Role.ASSISTANT,
                new Part.Reasoning(
                        String.join("\n\n", words),
                        item.text("id"),
                        item.text("encrypted_content"),
                        ResponsesDialect.NAME));
    }

    /** What is not known to be behind the scenes is the user's: nobody may leave that out. */
    private void foreign(Fields item, String type) {
        add(BEHIND_THE_SCENES.contains(type) ? Role.ASSISTANT : Role.USER, whole(item, type));
    }

    private static Part.Foreign whole(Fields item, String kind) {
        return new Part.Foreign(ResponsesDialect.NAME, kind, item.whole().toString());
    }

    private void add(Role role, Part part) {
        if (side != role) {
            close();
            side = role;
        }
        open.add(part);
    }

    private void close() {
        if (!open.isEmpty()) {
            turns.add(Turn.of(side, open));
            open.clear();
        }
    }
}
