package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.anthropic.AnthropicDialect;
import dev.understudy.protocol.dialect.bedrock.BedrockDialect;
import dev.understudy.protocol.dialect.gemini.GeminiDialect;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.responses.ResponsesDialect;
import dev.understudy.protocol.json.JsonTrees;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of enums are written in the set of the caller's dialect: typed clients refuse others. */
class EnumValuesTest {
    private static final RequestContext REQUEST = new RequestContext("{}".getBytes(UTF_8), true, 7);

    private enum Vendor {
        CHAT(new OpenAiDialect()) {
            @Override
            String answer(String reason, String tier) {
                return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"" + reason
                        + "\"}],\"service_tier\":\"" + tier + "\"}";
            }

            @Override
            String reason(JsonNode answer) {
                return answer.at("/choices/0/finish_reason").asText();
            }

            @Override
            String tier(JsonNode answer) {
                return answer.path("service_tier").asText();
            }
        },
        RESPONSES(new ResponsesDialect()) {
            @Override
            String answer(String reason, String tier) {
                String status = reason.equals("completed") ? "completed" : "incomplete";
                return "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\"" + status
                        + "\",\"incomplete_details\":"
                        + (status.equals("completed") ? "null" : "{\"reason\":\"" + reason + "\"}")
                        + ",\"model\":\"m\",\"output\":[{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\","
                        + "\"status\":\"" + status + "\",\"content\":[{\"type\":\"output_text\",\"text\":\"hi\","
                        + "\"annotations\":[]}]}],\"service_tier\":\"" + tier + "\"}";
            }

            @Override
            String reason(JsonNode answer) {
                return answer.path("status").asText().equals("completed")
                        ? "completed"
                        : answer.at("/incomplete_details/reason").asText();
            }

            @Override
            String tier(JsonNode answer) {
                return answer.path("service_tier").asText();
            }
        },
        MESSAGES(new AnthropicDialect()) {
            @Override
            String answer(String reason, String tier) {
                return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":"
                        + "\"text\",\"text\":\"hi\"}],\"stop_reason\":\"" + reason
                        + "\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1,"
                        + "\"service_tier\":\"" + tier + "\"}}";
            }

            @Override
            String reason(JsonNode answer) {
                return answer.path("stop_reason").asText();
            }

            @Override
            String tier(JsonNode answer) {
                return answer.at("/usage/service_tier").asText();
            }
        },
        GEMINI(new GeminiDialect()) {
            @Override
            String answer(String reason, String tier) {
                return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hi\"}]},"
                        + "\"finishReason\":\"" + reason + "\",\"index\":0}],\"modelVersion\":\"m\"}";
            }

            @Override
            String reason(JsonNode answer) {
                return answer.at("/candidates/0/finishReason").asText();
            }

            @Override
            String tier(JsonNode answer) {
                return "";
            }
        },
        CONVERSE(new BedrockDialect()) {
            @Override
            String answer(String reason, String tier) {
                return "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"hi\"}]}},"
                        + "\"stopReason\":\"" + reason + "\",\"usage\":{\"inputTokens\":1,\"outputTokens\":1,"
                        + "\"totalTokens\":2},\"metrics\":{\"latencyMs\":1},\"serviceTier\":{\"type\":\"" + tier
                        + "\"}}";
            }

            @Override
            String reason(JsonNode answer) {
                return answer.path("stopReason").asText();
            }

            @Override
            String tier(JsonNode answer) {
                return answer.at("/serviceTier/type").asText();
            }
        };

        final Dialect dialect;

        Vendor(Dialect dialect) {
            this.dialect = dialect;
        }

        abstract String answer(String reason, String tier);

        abstract String reason(JsonNode answer);

        abstract String tier(JsonNode answer);
    }

    /** The answer for a caller of a dialect, also where the call would rather try another target first. */
    private static JsonNode translated(Vendor from, Vendor to, String answer) {
        byte[] bytes = answer.getBytes(UTF_8);
        WholeAnswerResult result = new ResponseTranslator(
                        from.dialect, to.dialect, "m", () -> REQUEST, AnswerRules.DEFAULT)
                .whole("application/json")
                .read(bytes, 0, bytes.length);
        byte[] written = switch (result) {
            case WholeAnswerResult.Accepted accepted -> accepted.written().orElse(bytes);
            case WholeAnswerResult.Rejected rejected -> {
                assertThat(rejected.failure().hasDeliverableAnswer())
                        .as("%s", rejected.failure())
                        .isTrue();
                yield rejected.written().orElse(bytes);
            }
        };
        return JsonTrees.of(new String(written, UTF_8));
    }

    private static void assertReasons(Vendor from, String answer, String... expected) {
        for (Vendor to : Vendor.values()) {
            assertThat(to.reason(translated(from, to, answer)))
                    .as("%s to %s", from, to)
                    .isEqualTo(expected[to.ordinal()]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT, stop, stop, completed, end_turn, STOP, end_turn",
        "CHAT, length, length, max_output_tokens, max_tokens, MAX_TOKENS, max_tokens",
        "CHAT, content_filter, content_filter, content_filter, refusal, SAFETY, content_filtered",
        "CHAT, new_reason, new_reason, completed, end_turn, OTHER, end_turn",
        "RESPONSES, completed, stop, completed, end_turn, STOP, end_turn",
        "RESPONSES, max_output_tokens, length, max_output_tokens, max_tokens, MAX_TOKENS, max_tokens",
        "RESPONSES, content_filter, content_filter, content_filter, refusal, SAFETY, content_filtered",
        "RESPONSES, new_reason, length, new_reason, max_tokens, MAX_TOKENS, max_tokens",
        "MESSAGES, end_turn, stop, completed, end_turn, STOP, end_turn",
        "MESSAGES, max_tokens, length, max_output_tokens, max_tokens, MAX_TOKENS, max_tokens",
        "MESSAGES, stop_sequence, stop, completed, stop_sequence, STOP, stop_sequence",
        "MESSAGES, pause_turn, length, max_output_tokens, pause_turn, MAX_TOKENS, max_tokens",
        "MESSAGES, model_context_window_exceeded, length, max_output_tokens, model_context_window_exceeded, MAX_TOKENS, max_tokens",
        "MESSAGES, refusal, content_filter, content_filter, refusal, SAFETY, content_filtered",
        "MESSAGES, new_reason, stop, completed, new_reason, OTHER, end_turn",
        "GEMINI, STOP, stop, completed, end_turn, STOP, end_turn",
        "GEMINI, MAX_TOKENS, length, max_output_tokens, max_tokens, MAX_TOKENS, max_tokens",
        "GEMINI, RECITATION, content_filter, content_filter, refusal, RECITATION, content_filtered",
        "GEMINI, NEW_REASON, stop, completed, end_turn, NEW_REASON, end_turn",
        "CONVERSE, end_turn, stop, completed, end_turn, STOP, end_turn",
        "CONVERSE, max_tokens, length, max_output_tokens, max_tokens, MAX_TOKENS, max_tokens",
        "CONVERSE, model_context_window_exceeded, length, max_output_tokens, model_context_window_exceeded, MAX_TOKENS, model_context_window_exceeded",
        "CONVERSE, guardrail_intervened, content_filter, content_filter, refusal, SAFETY, guardrail_intervened",
        "CONVERSE, content_filtered, content_filter, content_filter, refusal, SAFETY, content_filtered"
    })
    void endsAreToldInTheCallersWords(
            Vendor from,
            String reason,
            String chat,
            String responses,
            String messages,
            String gemini,
            String converse) {
        assertReasons(from, from.answer(reason, "default"), chat, responses, messages, gemini, converse);
    }

    @ParameterizedTest
    @CsvSource({
        "CHAT, default, default, default, standard, '', default",
        "CHAT, priority, priority, priority, priority, '', priority",
        "CHAT, flex, flex, flex, '', '', flex",
        "CHAT, scale, scale, scale, '', '', ''",
        "CHAT, performance, performance, default, '', '', ''",
        "RESPONSES, default, default, default, standard, '', default",
        "RESPONSES, scale, scale, scale, '', '', ''",
        "MESSAGES, standard, default, default, standard, '', default",
        "MESSAGES, priority, priority, priority, priority, '', priority",
        "MESSAGES, batch, '', default, batch, '', ''",
        "CONVERSE, default, default, default, standard, '', default",
        "CONVERSE, reserved, '', default, '', '', reserved"
    })
    void tiersAreToldInTheCallersWords(
            Vendor from, String tier, String chat, String responses, String messages, String gemini, String converse) {
        String answer = from.answer(
                switch (from) {
                    case CHAT -> "stop";
                    case RESPONSES -> "completed";
                    case MESSAGES, CONVERSE -> "end_turn";
                    case GEMINI -> "STOP";
                },
                tier);
        String[] expected = {chat, responses, messages, gemini, converse};
        for (Vendor to : Vendor.values()) {
            assertThat(to.tier(translated(from, to, answer)))
                    .as("%s to %s", from, to)
                    .isEqualTo(expected[to.ordinal()]);
        }
    }
}
