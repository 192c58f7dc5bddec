package dev.understudy.gateway.crossing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A conversation with tools that one vendor began and another continues. */
@Timeout(60)
class ToolsAcrossVendorsTest {
    private static final String TOOLS = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\","
            + "\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}}}]";
    private static final String QUESTION = "{\"role\":\"user\",\"content\":\"Weather in Bonn and Rome?\"}";

    private static final String TWO_CALLS = "{\"id\":\"msg_9\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
            + "\"claude-real\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"two cities\",\"signature\":\"sig==\"},"
            + "{\"type\":\"text\",\"text\":\"I look.\"},"
            + "{\"type\":\"tool_use\",\"id\":\"toolu_bonn\",\"name\":\"weather\",\"input\":{\"city\":\"Bonn\"}},"
            + "{\"type\":\"tool_use\",\"id\":\"toolu_rome\",\"name\":\"weather\",\"input\":{\"city\":\"Rome\"}}],"
            + "\"stop_reason\":\"tool_use\",\"stop_sequence\":null,"
            + "\"usage\":{\"input_tokens\":5,\"output_tokens\":12}}";

    private static Dialect dialectOf(Vendor vendor) {
        return switch (vendor) {
            case OPENAI -> ClientDialect.CHAT.api().dialect();
            case ANTHROPIC -> ClientDialect.MESSAGES.api().dialect();
            case GEMINI -> ClientDialect.GEMINI.api().dialect();
            case BEDROCK -> ClientDialect.CONVERSE.api().dialect();
        };
    }

    @ParameterizedTest
    @EnumSource(Vendor.class)
    void callsOfOneVendorAreAnsweredToAnother(Vendor second) throws Exception {
        try (Crossing crossing = Crossing.start("").allWell()) {
            crossing.at(Vendor.ANTHROPIC).answer(Reply.json(200, TWO_CALLS));
            RawAnswer first = crossing.post(
                    ClientDialect.CHAT.path("", false),
                    "{\"model\":\"anthropic/m\",\"messages\":[" + QUESTION + "]," + TOOLS + "}");
            crossing.at(Vendor.ANTHROPIC).take();
            JsonNode choice = JsonTrees.of(first.body()).path("choices").path(0);
            assertThat(choice.path("finish_reason").asText()).as("%s", first).isEqualTo("tool_calls");
            JsonNode calls = choice.path("message").path("tool_calls");
            assertThat(calls).hasSize(2);

            RawAnswer answer = crossing.post(
                    ClientDialect.CHAT.path("", false),
                    "{\"model\":\"" + second.provider() + "/m\",\"messages\":[" + QUESTION + ","
                            + choice.path("message") + ","
                            + result(calls.path(1), "Rome: sun") + "," + result(calls.path(0), "Bonn: rain") + "],"
                            + TOOLS + "}");

            assertThat(ParsedAnswer.of(ClientDialect.CHAT, false, answer).text())
                    .isEqualTo(Vendor.TEXT);
            String body = crossing.at(second).take().body();
            assertCallsAndResultsMatch(dialectOf(second).readRequest(body.getBytes(UTF_8), false));
            assertValid(second, JsonTrees.of(body));
        }
    }

    private static String result(JsonNode call, String content) {
        return "{\"role\":\"tool\",\"tool_call_id\":" + call.path("id") + ",\"content\":\"" + content + "\"}";
    }

    private static void assertCallsAndResultsMatch(NeutralRequest request) throws BadRequest {
        Map<String, String> cities = new HashMap<>();
        List<Part.ToolResult> results = new ArrayList<>();
        request.turns()
                .forEach(turn -> turn.parts().forEach(part -> {
                    if (part instanceof Part.ToolCall call) {
                        cities.put(
                                call.id(),
                                JsonTrees.of(call.arguments()).path("city").asText());
                    } else if (part instanceof Part.ToolResult result) {
                        results.add(result);
                    }
                }));
        assertThat(cities.values()).containsExactlyInAnyOrder("Bonn", "Rome");
        assertThat(results).hasSize(2);
        for (Part.ToolResult result : results) {
            assertThat(result.content().toString()).contains(cities.get(result.id()));
        }
    }

    /** What each vendor refuses requests for. */
    private static void assertValid(Vendor vendor, JsonNode body) {
        switch (vendor) {
            case OPENAI -> {
                List<String> roles = new ArrayList<>();
                body.path("messages")
                        .forEach(each -> roles.add(each.path("role").asText()));
                assertThat(roles).containsExactly("user", "assistant", "tool", "tool");
            }
            case ANTHROPIC -> {
                JsonNode messages = body.path("messages");
                assertThat(messages).hasSize(3);
                assertThat(body.path("max_tokens").isInt()).isTrue();
                for (JsonNode block : messages.path(2).path("content")) {
                    assertThat(block.path("type").asText()).isEqualTo("tool_result");
                    assertThat(block.path("tool_use_id").asText()).matches("[a-zA-Z0-9_-]+");
                }
            }
            case GEMINI -> {
                JsonNode contents = body.path("contents");
                assertThat(contents).hasSize(3);
                assertThat(contents.path(1).path("role").asText()).isEqualTo("model");
                assertThat(contents.path(1).toString()).doesNotContain("sig==");
                for (JsonNode part : contents.path(2).path("parts")) {
                    assertThat(part.path("functionResponse").path("name").asText())
                            .isEqualTo("weather");
                    assertThat(part.path("functionResponse").path("response").isObject())
                            .isTrue();
                }
            }
            case BEDROCK -> {
                JsonNode messages = body.path("messages");
                assertThat(messages).hasSize(3);
                assertThat(messages.toString()).doesNotContain("sig==");
                for (JsonNode block : messages.path(2).path("content")) {
                    assertThat(block.path("toolResult").path("toolUseId").asText())
                            .matches("[a-zA-Z0-9_-]{1,64}");
                }
                assertThat(body.path("toolConfig").path("tools")).hasSize(1);
            }
        }
    }
}
