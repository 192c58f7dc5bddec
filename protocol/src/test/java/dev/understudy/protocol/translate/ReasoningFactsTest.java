package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.ReasoningChoice;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.completions.CompletionsDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.passthrough.PassThroughDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Override;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a request asks for reasoning, in every dialect. */
class ReasoningFactsTest {
    private record Form(Dialect dialect, String members) {}

    private static final Map<String, Form> FORMS = Map.of(
            "chat", new Form(new OpenAiDialect(), "\"messages\":[]"),
            "responses", new Form(new ResponsesDialect(), "\"input\":\"Hi\""),
            "messages", new Form(new AnthropicDialect(), "\"max_tokens\":9,\"messages\":[]"),
            "gemini", new Form(new GeminiDialect(), "\"contents\":[]"),
            "converse", new Form(new BedrockDialect(), "\"messages\":[]"),
            "completions", new Form(new CompletionsDialect(), "\"prompt\":\"Hi\""),
            "images", new Form(new PassThroughDialect("images"), "\"prompt\":\"Hi\""));

    private static CallerRequest request(String form, String members) throws BadRequest {
        Form of = FORMS.get(form);
        String body = "{\"model\":\"m\"," + of.members() + (members.isEmpty() ? "" : "," + members) + "}";
        return CallerRequest.read(of.dialect(), body.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        chat      | "reasoning_effort":"high"                                  | ON
        chat      | "reasoning_effort":"low"                                   | ON
        chat      | "reasoning_effort":"none"                                  | OFF
        chat      | "reasoning_effort":"minimal"                               | OFF
        chat      | "reasoning_effort":null                                    | UNSAID
        chat      | "reasoning_effort":7                                       | UNSAID
        chat      | "reasoning":{"effort":"medium"}                            | ON
        chat      | "reasoning":{"enabled":true}                               | ON
        chat      | "reasoning":{"enabled":false,"effort":"high"}              | OFF
        chat      | "reasoning":{"max_tokens":2000}                            | ON
        chat      | "reasoning":{"max_tokens":0}                               | OFF
        chat      | "reasoning":{"exclude":true}                               | UNSAID
        chat      | "thinking":{"type":"enabled","budget_tokens":1024}         | ON
        chat      | "thinking":{"type":"disabled"}                             | OFF
        chat      | "enable_thinking":true                                     | ON
        chat      | "enable_thinking":false                                    | OFF
        chat      | "thinking_budget":4096                                     | ON
        chat      | "chat_template_kwargs":{"enable_thinking":true}            | ON
        chat      | "chat_template_kwargs":{"enable_thinking":false}           | OFF
        chat      | "chat_template_kwargs":{"thinking":true}                   | ON
        chat      | "chat_template_kwargs":{"reasoning_effort":"high"}         | ON
        chat      | "extra_body":{"google":{"thinking_config":{"thinking_budget":0}}} | OFF
        chat      | "extra_body":{"google":{"thinking_config":{"include_thoughts":true}}} | ON
        chat      | "reasoning_effort":"none","enable_thinking":true           | ON
        chat      | "reasoning_effort":"none","reasoning":{"exclude":true}     | OFF
        chat      | "temperature":1                                            | UNSAID
        responses | "reasoning":{"effort":"high"}                              | ON
        responses | "reasoning":{"effort":"none","summary":"auto"}             | OFF
        responses | "reasoning":{"summary":"auto"}                             | UNSAID
        responses | "reasoning":null                                           | UNSAID
        responses | "background":true                                          | ON
        responses | "background":false                                         | UNSAID
        messages  | "thinking":{"type":"enabled","budget_tokens":1024}         | ON
        messages  | "thinking":{"type":"adaptive"}                             | ON
        messages  | "thinking":{"type":"disabled"}                             | OFF
        messages  | "output_config":{"effort":"high"}                          | UNSAID
        gemini    | "generationConfig":{"thinkingConfig":{"thinkingBudget":-1}}   | ON
        gemini    | "generationConfig":{"thinkingConfig":{"thinkingBudget":0,"includeThoughts":true}} | OFF
        gemini    | "generationConfig":{"thinkingConfig":{"thinkingLevel":"HIGH"}} | ON
        gemini    | "generationConfig":{"thinkingConfig":{"thinkingLevel":"minimal"}} | OFF
        gemini    | "generationConfig":{"thinkingConfig":{"includeThoughts":true}} | ON
        gemini    | "generationConfig":{"thinkingConfig":{"includeThoughts":false}} | UNSAID
        gemini    | "generation_config":{"topP":1,"thinking_config":{"thinking_budget":512}} | ON
        gemini    | "generationConfig":{"responseSchema":{"thinkingConfig":{"thinkingBudget":9}}} | UNSAID
        converse  | "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024}} | ON
        converse  | "additionalModelRequestFields":{"thinking":{"type":"disabled"}} | OFF
        converse  | "additionalModelRequestFields":{"reasoning_config":{"type":"enabled"}} | ON
        converse  | "additionalModelRequestFields":{"reasoning_config":"high"} | ON
        converse  | "additionalModelRequestFields":{"reasoningConfig":{"type":"disabled"}} | OFF
        converse  | "additionalModelRequestFields":{"reasoning_effort":"high"} | ON
        converse  | "additionalModelRequestFields":{"top_k":5}                 | UNSAID
        completions | "temperature":1                                          | UNSAID
        images    | "reasoning_effort":"high"                                  | UNSAID
        """)
    void isReadFromItsOwnMembers(String form, String members, ReasoningChoice choice) throws BadRequest {
        assertThat(request(form, members).facts().reasoning()).isEqualTo(choice);
    }

    /** What a provider would refuse is left to the provider, and costs no stack trace. */
    @Test
    void anOversizeValueHasNoEffect() throws BadRequest {
        String deep = "{\"a\":".repeat(90) + "1" + "}".repeat(90);
        assertThat(request("chat", "\"reasoning\":" + deep).facts().reasoning()).isEqualTo(ReasoningChoice.UNSAID);
        assertThat(request("chat", "\"thinking_budget\":1e999999999").facts().reasoning())
                .isEqualTo(ReasoningChoice.UNSAID);
        assertThat(request("gemini", "\"generationConfig\":{\"thinkingConfig\":" + deep + "}")
                        .facts()
                        .reasoning())
                .isEqualTo(ReasoningChoice.UNSAID);
    }

    @Test
    void whatATargetHasOfItsOwnGoesBeforeTheRequest() throws BadRequest {
        CallerRequest request = request("chat", "\"reasoning_effort\":\"none\"");
        assertThat(request.reasoning(List.of())).isEqualTo(ReasoningChoice.OFF);
        assertThat(request.reasoning(List.of(new Override("temperature", "1")))).isEqualTo(ReasoningChoice.OFF);
        assertThat(request.reasoning(List.of(new Override("reasoning_effort", "\"high\""))))
                .isEqualTo(ReasoningChoice.ON);
        assertThat(request("messages", "").reasoning(List.of(new Override("thinking", "{\"type\":\"adaptive\"}"))))
                .isEqualTo(ReasoningChoice.ON);
    }
}
