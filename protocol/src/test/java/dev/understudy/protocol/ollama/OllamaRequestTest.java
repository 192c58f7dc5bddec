package dev.understudy.protocol.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import org.junit.jupiter.api.Test;

class OllamaRequestTest {
    private static JsonNode messages(String messages) throws Exception {
        byte[] body = ("{\"model\":\"m\",\"messages\":[" + messages + "]}").getBytes(UTF_8);
        return JsonTrees.of(new String(OllamaRequest.asChat(body, BodyLimits.ofDefaults()), UTF_8))
                .path("messages");
    }

    private static String call(String name) {
        return "{\"function\":{\"name\":\"" + name + "\",\"arguments\":{}}}";
    }

    @Test
    void resultsBelongToTheCallsThatTheyName() throws Exception {
        JsonNode messages = messages("{\"role\":\"assistant\",\"tool_calls\":[" + call("f") + "," + call("g") + ","
                + call("f") + "]},{\"role\":\"tool\",\"tool_name\":\"g\",\"content\":\"1\"},"
                + "{\"role\":\"tool\",\"tool_name\":\"f\",\"content\":\"2\"},{\"role\":\"tool\",\"content\":\"3\"}");

        assertThat(messages.at("/0/tool_calls/1/id").asText()).isEqualTo("call_1");
        assertThat(messages.at("/1/tool_call_id").asText()).isEqualTo("call_1");
        assertThat(messages.at("/2/tool_call_id").asText()).isEqualTo("call_0");
        assertThat(messages.at("/3/tool_call_id").asText()).isEqualTo("call_2");
    }

    @Test
    void idsAreKept() throws Exception {
        JsonNode messages = messages("{\"role\":\"assistant\",\"tool_calls\":[" + call("f")
                + ",{\"id\":\"x\",\"function\":{\"name\":\"f\",\"arguments\":{}}}]},"
                + "{\"role\":\"tool\",\"tool_call_id\":\"x\",\"content\":\"1\"}");

        assertThat(messages.at("/0/tool_calls/1/id").asText()).isEqualTo("x");
        assertThat(messages.at("/1/tool_call_id").asText()).isEqualTo("x");
    }

    @Test
    void reasoningGoesBackToModelsThatRequireIt() throws Exception {
        assertThat(messages("{\"role\":\"assistant\",\"content\":\"hi\",\"thinking\":\"hm\"}")
                        .at("/0/reasoning_content")
                        .asText())
                .isEqualTo("hm");
    }
}
