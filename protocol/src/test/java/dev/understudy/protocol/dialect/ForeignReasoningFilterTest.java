package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.model.ModelTable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForeignReasoningFilterTest {
    private static final String CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

    static Stream<Arguments> conversations() {
        return Stream.of(
                Arguments.of(
                        new AnthropicDialect(),
                        "claude-sonnet-4-5",
                        """
                        {"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[%s\
                        {"type":"text","text":"é"}]}],"temperature":0.10}""",
                        "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"\"},",
                        "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"c2ln\"},"),
                Arguments.of(
                        new BedrockDialect(),
                        CLAUDE,
                        """
                        {"messages":[{"role":"assistant","content":[%s{"text":"é"}]}],"x":0.10}""",
                        "{\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\"}}},",
                        "{\"reasoningContent\":{\"reasoningText\":{\"text\":\"hm\",\"signature\":\"c2ln\"}}},"),
                Arguments.of(
                        new ResponsesDialect(),
                        "gpt-5.1",
                        """
                        {"input":[{"role":"user","content":"hi"},%s{"role":"assistant","content":"é"}],"top_p":0.10}""",
                        "{\"type\":\"reasoning\",\"id\":\"rs_msg_01X_0\",\"summary\":[]},",
                        "{\"type\":\"reasoning\",\"id\":\"rs_0b1c2d3e4f\",\"summary\":[]},"));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void reasoningWithoutTheVendorsSignatureIsLeftOut(
            Dialect dialect, String model, String body, String foreign, String own) {
        byte[] with = body.formatted(foreign + own).getBytes(UTF_8);

        assertThat(new String(dialect.passThrough(with, ModelTable.of(model)).body(), UTF_8))
                .isEqualTo(body.formatted(own));
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void otherBodiesStayAsTheyCame(Dialect dialect, String model, String body, String foreign, String own) {
        byte[] with = body.formatted(own).getBytes(UTF_8);

        assertThat(dialect.passThrough(with, ModelTable.of(model)).body()).isSameAs(with);
    }

    @Test
    void aTurnOfNothingElseGoesWithThem() {
        String body = """
                {"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[\
                {"type":"thinking","thinking":"hm","signature": ""}]}]}""";

        assertThat(new String(
                        new AnthropicDialect()
                                .passThrough(body.getBytes(UTF_8), ModelTable.of("claude"))
                                .body(),
                        UTF_8))
                .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    }

    @Test
    void modelsOfBedrocksThatSignNothingGetAllOfThem() {
        byte[] body = """
                {"messages":[{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}}]}]}""".getBytes(UTF_8);

        assertThat(new BedrockDialect()
                        .passThrough(body, ModelTable.of("openai.gpt-oss-120b-1:0"))
                        .body())
                .isSameAs(body);
    }
}
