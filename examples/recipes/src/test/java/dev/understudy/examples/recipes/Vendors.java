package dev.understudy.examples.recipes;

import dev.understudy.client.Understudy;
import dev.understudy.client.UnderstudyBuilder;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.Map;

/** The providers of the recipes, on loopback ports: each answers in its own dialect. */
final class Vendors implements AutoCloseable {
    final ScriptedUpstream openai = ScriptedUpstream.start();
    final ScriptedUpstream openpipe = ScriptedUpstream.start();
    final ScriptedUpstream anthropic = ScriptedUpstream.start();
    final ScriptedUpstream gemini = ScriptedUpstream.start();

    UnderstudyBuilder builder() {
        return Understudy.builder()
                .environment(Map.of())
                .provider("openai", Map.of("base-url", openai.baseUrl()), "sk-openai-0123456789")
                .provider("openpipe", Map.of("base-url", openpipe.baseUrl()), "sk-openpipe-0123456789")
                .provider("anthropic", Map.of("base-url", anthropic.baseUrl()), "sk-ant-0123456789")
                .provider("gemini", Map.of("base-url", gemini.baseUrl()), "sk-gemini-0123456789");
    }

    static Reply error(int status) {
        return Reply.json(status, "{\"error\":{\"message\":\"failed\",\"type\":\"server_error\"}}");
    }

    static Reply openaiSays(String text) {
        return Reply.json(
                200,
                "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
    }

    static Reply openaiStreams(String... pieces) {
        Reply reply = Reply.eventStream();
        for (String piece : pieces) {
            reply = reply.event(chunk("{\"content\":\"" + piece + "\"}", "null"));
        }
        return reply.event(chunk("{}", "\"stop\"")).event("[DONE]").lastChunk();
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + finish + "}]}";
    }

    static Reply geminiSays(String text) {
        return Reply.json(
                200,
                "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"" + text
                        + "\"}]},\"finishReason\":\"STOP\"}],"
                        + "\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":2,\"totalTokenCount\":5}}");
    }

    @Override
    public void close() {
        openai.close();
        openpipe.close();
        anthropic.close();
        gemini.close();
    }
}
