package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.NeutralRequest.Other;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a whole request. */
final class RequestReader {
    private final JsonNode body;
    private final List<Other> others = new ArrayList<>();

    private RequestReader(JsonNode body) {
        this.body = body;
    }

    static NeutralRequest read(byte[] body, boolean stream) throws BadRequest {
        return new RequestReader(JsonTrees.read(body)).request(stream);
    }

    static BadRequest noContents() {
        return BadRequest.missing(
                "contents",
                "The request has no 'contents'. Send a list, such as"
                        + " [{\"role\": \"user\", \"parts\": [{\"text\": \"Hello\"}]}].");
    }

    private NeutralRequest request(boolean stream) throws BadRequest {
        List<Turn> turns = new ArrayList<>();
        instructions(turns);
        JsonNode contents = Spelling.get(body, "contents");
        if (contents.isMissingNode()) {
            throw noContents();
        }
        new ContentsReader().read(contents, turns);
        ConfigReader config = new ConfigReader(object("generationConfig"), others);
        ToolsReader tools = new ToolsReader(Spelling.get(body, "tools"), object("toolConfig"), others);
        NeutralRequest.Builder request = new NeutralRequest.Builder(turns)
                        .tools(tools.tools())
                        .sampling(config.sampling())
                        .reasoning(config.reasoning())
                        .output(config.output())
                        .metadata(labels())
                        .stream(stream)
                        // Every chunk counts, unasked.
                        .usageInStream(stream);
        config.others();
        restOfBody();
        return request.others(others).build();
    }

    private void instructions(List<Turn> turns) {
        JsonNode instruction = Spelling.get(body, "systemInstruction");
        JsonNode parts = Spelling.get(instruction, "parts");
        List<Part> texts = new ArrayList<>();
        for (JsonNode part : parts.isArray() ? parts : List.of(parts)) {
            String text = Spelling.text(part, "text");
            if (!text.isEmpty()) {
                texts.add(Part.Text.of(text));
            }
        }
        if (instruction.isTextual() && !instruction.textValue().isEmpty()) {
            texts.add(Part.Text.of(instruction.textValue()));
        }
        if (!texts.isEmpty()) {
            turns.add(Turn.of(Turn.Role.SYSTEM, texts));
        }
    }

    private JsonNode object(String name) throws BadRequest {
        JsonNode value = Spelling.get(body, name);
        if (!value.isMissingNode() && !value.isObject()) {
            throw BadRequest.invalid(name, "'" + name + "' must be an object.");
        }
        return value;
    }

    private Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> label : Spelling.get(body, "labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText(""));
        }
        return labels;
    }

    private void restOfBody() {
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            String name = Spelling.camel(member.getKey());
            switch (name) {
                case "contents",
                        "systemInstruction",
                        "tools",
                        "toolConfig",
                        "generationConfig",
                        "labels",
                        // Some clients repeat here what stands in the address.
                        "model" -> {}
                default -> {
                    if (!member.getValue().isNull()) {
                        others.add(new Other(
                                GeminiDialect.NAME, name, member.getValue().toString()));
                    }
                }
            }
        }
    }
}
