package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;

/** One block of an answer's content, as far as others than Anthropic understand it. */
final class Block {
    private static final NameTable MEMBERS =
            NameTable.of("type", "text", "citations", "id", "name", "input", "thinking", "signature", "data");

    String type = "";
    String text = "";
    String id = "";
    String name = "";
    String input = "";
    String thinking = "";
    String signature = "";
    String data = "";
    final List<Part.Citation> citations = new ArrayList<>();

    /** Reads the object on which the walk stands. */
    static Block read(JsonWalk walk) throws MalformedJson {
        Block block = new Block();
        walk.object(MEMBERS, member -> {
            switch (member) {
                case "type" -> block.type = walk.text();
                case "text" -> block.text = walk.text();
                case "citations" -> walk.array(() -> block.citations.add(Citations.read(walk)));
                case "id" -> block.id = walk.text();
                case "name" -> block.name = walk.text();
                case "input" -> block.input = walk.isNull() ? "" : walk.json();
                case "thinking" -> block.thinking = walk.text();
                case "signature" -> block.signature = walk.text();
                case "data" -> block.data = walk.text();
                default -> {}
            }
        });
        return block;
    }

    /** Whether only Anthropic knows what it means. */
    boolean isForeign() {
        return switch (type) {
            case "text", "tool_use", "thinking", "redacted_thinking" -> false;
            default -> true;
        };
    }

    /** Whether a tool that Anthropic runs by itself is called; its result comes in another block. */
    boolean isProviderTool() {
        return type.equals("server_tool_use") || type.equals("mcp_tool_use");
    }

    boolean isToolResult() {
        return type.endsWith("_tool_result");
    }

    /** @param whole the block as it came, if it {@link #isForeign} */
    Part part(String whole) {
        return switch (type) {
            case "text" -> new Part.Text(text, citations);
            case "tool_use" -> Part.ToolCall.of(id, name, input.isEmpty() ? "{}" : input);
            case "thinking" -> new Part.Reasoning(thinking, signature, "", AnthropicDialect.NAME);
            case "redacted_thinking" -> new Part.Reasoning("", "", data, AnthropicDialect.NAME);
            default -> new Part.Foreign(AnthropicDialect.NAME, type, whole);
        };
    }
}
