package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.model.ModelTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Marks of what a provider's prompt cache should keep, on their way to Chat Completions. */
class CacheMarksTest {
    private static final String MARK = "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";
    private static final JsonNode CACHE_CONTROL = JsonTrees.of("{\"type\":\"ephemeral\",\"ttl\":\"1h\"}");

    private static final String MESSAGES = """
            {"model":"m","max_tokens":9,"system":[{"type":"text","text":"be"},{"type":"text","text":"brief",%1$s}],"messages":[{"role":\
            "user","content":[{"type":"text","text":"one",%1$s},{"type":"text","text":"two"}]},{"role":"assistant","content":"a"},{"role":\
            "user","content":[{"type":"text","text":"three",%1$s}]},{"role":"assistant","content":"b"},{"role":"user","content":[{"type":\
            "text","text":"four",%1$s}]}],"tools":[{"name":"f","input_schema":{"type":"object"}},{"name":"g","input_schema":{"type":\
            "object"},%1$s}]}""".formatted(MARK);

    private static final String CONVERSE = """
            {"system":[{"text":"brief"},{"cachePoint":{"type":"default","ttl":"1h"}}],"messages":[{"role":"user","content":[{"text":"hi"},\
            {"cachePoint":{"type":"default","ttl":"1h"}}]}],"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":\
            "object"}}}},{"cachePoint":{"type":"default","ttl":"1h"}}]}}""";

    private static JsonNode chat(Dialect from, String body, String model, String provider) throws Exception {
        RequestTranslator translator =
                new RequestTranslator(CallerRequest.read(from, body.getBytes(UTF_8), "m", false));
        return JsonTrees.of(new String(
                translator
                        .to(LoopVendor.OPENAI.dialect, model, ModelTable.of(model, provider, ""), List.of())
                        .body(),
                UTF_8));
    }

    @Test
    void claudeAtAHostThatForwardsThemGetsFourThoseOfToolsFirst() throws Exception {
        JsonNode body = chat(LoopVendor.ANTHROPIC.dialect, MESSAGES, "anthropic/claude-sonnet-4.5", "openrouter");

        assertThat(body.at("/tools/0").has("cache_control")).isFalse();
        assertThat(body.at("/tools/1/cache_control")).isEqualTo(CACHE_CONTROL);
        assertThat(body.at("/messages/0/content/0").has("cache_control")).isFalse();
        assertThat(body.at("/messages/0/content/1/text").asText()).isEqualTo("brief");
        assertThat(body.at("/messages/0/content/1/cache_control")).isEqualTo(CACHE_CONTROL);
        assertThat(body.at("/messages/1/content/0/cache_control")).isEqualTo(CACHE_CONTROL);
        assertThat(body.at("/messages/1/content/1/text").asText()).isEqualTo("two");
        assertThat(body.at("/messages/3/content/0/cache_control")).isEqualTo(CACHE_CONTROL);
        assertThat(body.at("/messages/5/content").asText()).as("the fifth").isEqualTo("four");
    }

    @Test
    void soDoesClaudeForCallersOfBedrock() throws Exception {
        JsonNode body = chat(LoopVendor.BEDROCK.dialect, CONVERSE, "claude-opus-4-5", "litellm");

        assertThat(body.at("/tools/0/cache_control")).isEqualTo(CACHE_CONTROL);
        assertThat(body.at("/messages/0/content/0/cache_control")).isEqualTo(CACHE_CONTROL);
        assertThat(body.at("/messages/1/content/0/cache_control")).isEqualTo(CACHE_CONTROL);
    }

    @ParameterizedTest
    @CsvSource({"gpt-4o, openai", "openai/gpt-4o, openrouter", "claude-sonnet-4-5, mine", "llama-3.3-70b, groq"})
    void othersGetNone(String model, String provider) throws Exception {
        JsonNode body = chat(LoopVendor.ANTHROPIC.dialect, MESSAGES, model, provider);

        assertThat(body.toString()).doesNotContain("cache_control");
        assertThat(body.at("/messages/0/content").asText()).isEqualTo("be\nbrief");
    }
}
