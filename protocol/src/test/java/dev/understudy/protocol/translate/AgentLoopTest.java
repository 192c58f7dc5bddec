package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Agent loops of six turns with tools and reasoning in which another vendor answers each turn. The caller sends back what it has received,
 * and no vendor may have a reason to refuse the conversation.
 */
class AgentLoopTest {
    private static final int TURNS = 6;
    private static final int[] STRIDES = {1, 3};

    /** A client of each dialect, which appends what it gets. */
    enum Client {
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
                        results.add("{\"type\":\"tool_result\",\"tool_use_id\":" + block.path("id")
                                + ",\"content\":\"done\"}");
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
                        results.add(
                                "{\"functionResponse\":{" + id + "\"name\":\"f\",\"response\":{\"result\":\"done\"}}}");
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
        };

        /** A vendor of the client's dialect. */
        final LoopVendor own;

        Client(LoopVendor own) {
            this.own = own;
        }

        abstract String body(List<String> turns);

        abstract void append(JsonNode answer, List<String> turns);

        private static String joined(List<String> turns) {
            return turns.isEmpty() ? "" : "," + String.join(",", turns);
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void everyVendorAcceptsWhatTheOthersHaveAnswered(Client client) throws Exception {
        LoopVendor[] vendors = LoopVendor.values();
        for (int first = 0; first < vendors.length; first++) {
            for (int stride : STRIDES) {
                List<String> turns = new ArrayList<>();
                String order = "";
                for (int turn = 0; turn < TURNS; turn++) {
                    LoopVendor vendor = vendors[(first + turn * stride) % vendors.length];
                    order += " " + vendor;
                    try {
                        turn(client, vendor, turn, turns);
                    } catch (AssertionError refused) {
                        throw new AssertionError(client + " at turn " + turn + " of" + order, refused);
                    }
                }
            }
        }
    }

    private static void turn(Client client, LoopVendor vendor, int turn, List<String> turns) throws Exception {
        byte[] body = client.body(turns).getBytes(UTF_8);
        CallerRequest request = CallerRequest.read(client.own.dialect, body, "m", false);
        WrittenRequest written =
                new RequestTranslator(request).to(vendor.dialect, vendor.model, ModelTable.of(vendor.model), List.of());
        vendor.accepts(JsonTrees.of(new String(written.body(), UTF_8)), turn);

        byte[] answer = vendor.answer(turn).getBytes(UTF_8);
        WholeAnswerResult result = new ResponseTranslator(
                        vendor.dialect,
                        client.own.dialect,
                        vendor.model,
                        request::context,
                        AnswerRules.of(false, 1, OptionalLong.empty(), false))
                .whole("application/json")
                .read(answer, 0, answer.length);
        assertThat(result).isInstanceOf(WholeAnswerResult.Accepted.class);
        byte[] got = ((WholeAnswerResult.Accepted) result).written().orElse(answer);
        client.append(JsonTrees.of(new String(got, UTF_8)), turns);
    }
}
