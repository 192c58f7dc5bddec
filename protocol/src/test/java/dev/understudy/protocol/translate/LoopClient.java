package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.ollama.OllamaAnswer;
import dev.understudy.protocol.ollama.OllamaRequest;
import java.util.ArrayList;
import java.util.List;

/** A client of each dialect, which sends back what it has received, with a result for each tool call. */
enum LoopClient {
    CHAT(LoopVendor.OPENAI) {
        @Override
        String body(List<String> turns) {
            return """
                    {"model":"m","reasoning_effort":"medium","messages":[{"role":"user","content":"go"}%s],"tools":[{"type":\
                    "function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}""".formatted(joined(turns));
        }

        @Override
        void append(JsonNode answer, List<String> turns) {
            JsonNode message = answer.path("choices").path(0).path("message");
            turns.add(message.toString());
            message.path("tool_calls")
                    .forEach(call -> turns.add(
                            "{\"role\":\"tool\",\"tool_call_id\":" + call.path("id") + ",\"content\":\"done\"}"));
        }
    },
    MESSAGES(LoopVendor.ANTHROPIC) {
        @Override
        String body(List<String> turns) {
            return """
                    {"model":"m","max_tokens":8000,"thinking":{"type":"enabled","budget_tokens":2000},"messages":[{"role":"user",\
                    "content":[{"type":"text","text":"go"}]}%s],"tools":[{"name":"f","input_schema":{"type":"object"}}]}""".formatted(joined(turns));
        }

        @Override
        void append(JsonNode answer, List<String> turns) {
            turns.add("{\"role\":\"assistant\",\"content\":" + answer.path("content") + "}");
            List<String> results = new ArrayList<>();
            answer.path("content").forEach(block -> {
                if (block.path("type").asText().equals("tool_use")) {
                    results.add(
                            "{\"type\":\"tool_result\",\"tool_use_id\":" + block.path("id") + ",\"content\":\"done\"}");
                }
            });
            turns.add("{\"role\":\"user\",\"content\":[" + String.join(",", results) + "]}");
        }
    },
    GENERATE_CONTENT(LoopVendor.GEMINI) {
        @Override
        String body(List<String> turns) {
            return """
                    {"generationConfig":{"thinkingConfig":{"thinkingLevel":"high"}},"contents":[{"role":"user",\
                    "parts":[{"text":"go"}]}%s],"tools":[{"functionDeclarations":[{"name":"f"}]}]}""".formatted(joined(turns));
        }

        @Override
        void append(JsonNode answer, List<String> turns) {
            JsonNode content = answer.path("candidates").path(0).path("content");
            turns.add(content.toString());
            List<String> results = new ArrayList<>();
            content.path("parts").forEach(part -> {
                if (part.has("functionCall")) {
                    String id = part.path("functionCall").has("id")
                            ? "\"id\":" + part.path("functionCall").path("id") + ","
                            : "";
                    results.add("{\"functionResponse\":{" + id + "\"name\":\"f\",\"response\":{\"result\":\"done\"}}}");
                }
            });
            turns.add("{\"role\":\"user\",\"parts\":[" + String.join(",", results) + "]}");
        }
    },
    CONVERSE(LoopVendor.BEDROCK) {
        @Override
        String body(List<String> turns) {
            return """
                    {"inferenceConfig":{"maxTokens":8000},"additionalModelRequestFields":{"thinking":{"type":"enabled",\
                    "budget_tokens":2000}},"messages":[{"role":"user","content":[{"text":"go"}]}%s],"toolConfig":{"tools":[{"toolSpec":\
                    {"name":"f","inputSchema":{"json":{"type":"object"}}}}]}}""".formatted(joined(turns));
        }

        @Override
        void append(JsonNode answer, List<String> turns) {
            JsonNode message = answer.path("output").path("message");
            turns.add(message.toString());
            List<String> results = new ArrayList<>();
            message.path("content").forEach(block -> {
                if (block.has("toolUse")) {
                    results.add("{\"toolResult\":{\"toolUseId\":"
                            + block.path("toolUse").path("toolUseId") + ",\"content\":[{\"text\":\"done\"}]}}");
                }
            });
            turns.add("{\"role\":\"user\",\"content\":[" + String.join(",", results) + "]}");
        }
    },
    RESPONSES(LoopVendor.RESPONSES) {
        @Override
        String body(List<String> turns) {
            return """
                    {"model":"m","store":false,"include":["reasoning.encrypted_content"],"reasoning":{"effort":"medium","summary":\
                    "auto"},"input":[{"role":"user","content":"go"}%s],"tools":[{"type":"function","name":"f","parameters":{"type":"object",\
                    "properties":{}},"strict":false}]}""".formatted(joined(turns));
        }

        @Override
        void append(JsonNode answer, List<String> turns) {
            answer.path("output").forEach(item -> turns.add(item.toString()));
            answer.path("output").forEach(item -> {
                if (item.path("type").asText().equals("function_call")) {
                    turns.add("{\"type\":\"function_call_output\",\"call_id\":" + item.path("call_id")
                            + ",\"output\":\"done\"}");
                }
            });
        }
    },
    OLLAMA(LoopVendor.OPENAI) {
        @Override
        String body(List<String> turns) {
            return """
                    {"model":"m","think":"medium","messages":[{"role":"user","content":"go"}%s],"tools":[{"type":"function",\
                    "function":{"name":"f","parameters":{"type":"object","properties":{}}}}]}""".formatted(joined(turns));
        }

        @Override
        byte[] request(String body) throws BadRequest {
            return OllamaRequest.asChat(body.getBytes(UTF_8), BodyLimits.ofDefaults());
        }

        @Override
        JsonNode whole(byte[] answer) {
            return JsonTrees.of(new String(new OllamaAnswer(false).whole(answer), UTF_8));
        }

        /** As ollama-python's users do: the pieces of the messages together are the message. */
        @Override
        JsonNode streamed(byte[] answer) {
            OllamaAnswer lines = new OllamaAnswer(false);
            String text = new String(lines.lines(answer), UTF_8) + new String(lines.lastLine(), UTF_8);
            ObjectNode together = JsonNodeFactory.instance.objectNode();
            ObjectNode message = together.putObject("message").put("role", "assistant");
            for (String line : text.split("\n")) {
                JsonNode piece = JsonTrees.of(line).path("message");
                for (String member : List.of("content", "thinking")) {
                    message.put(
                            member,
                            message.path(member).asText("") + piece.path(member).asText(""));
                }
                ArrayNode calls = message.withArray("tool_calls");
                piece.path("tool_calls").forEach(calls::add);
            }
            return together;
        }

        @Override
        void append(JsonNode answer, List<String> turns) {
            turns.add(answer.path("message").toString());
            answer.path("message")
                    .path("tool_calls")
                    .forEach(call -> turns.add("{\"role\":\"tool\",\"tool_name\":\"f\",\"content\":\"done\"}"));
        }
    };

    /** A vendor of the client's dialect. */
    final LoopVendor own;

    LoopClient(LoopVendor own) {
        this.own = own;
    }

    abstract String body(List<String> turns);

    /** Adds the answer, and the results of its calls. */
    abstract void append(JsonNode answer, List<String> turns);

    /** The request as the gateway reads it. */
    byte[] request(String body) throws BadRequest {
        return body.getBytes(UTF_8);
    }

    /** A whole answer as the client reads it. */
    JsonNode whole(byte[] answer) {
        return JsonTrees.of(new String(answer, UTF_8));
    }

    /** A streamed answer as the client reads it, in the form of a whole one. */
    JsonNode streamed(byte[] answer) {
        return LoopAssembly.of(own.dialect, answer);
    }

    private static String joined(List<String> turns) {
        return turns.isEmpty() ? "" : "," + String.join(",", turns);
    }
}
