package dev.understudy.protocol.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {

    private static RequestFacts facts(String body) throws BadRequest {
        return new AnthropicDialect().facts(Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults()), false);
    }

    @Test
    void whatDecidesTheCallIsFound() throws BadRequest {
        RequestFacts facts = facts("{\"messages\":[1],\"system\":\"ab\",\"max_tokens\":7,\"stop_sequences\":[\"x\"],"
                + "\"tools\":[{}],\"stream\":true}");
        assertThat(facts.stream()).isTrue();
        assertThat(facts.maxTokens()).hasValue(7);
        assertThat(facts.stopSequences()).isTrue();
        assertThat(facts.tools()).isTrue();
        assertThat(facts.jsonOutput()).isFalse();
        assertThat(facts.choices()).isEmpty();
        assertThat(facts.promptBytes()).isEqualTo("[1]\"ab\"[{}]".length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"output_config\":{\"format\":{\"type\":\"json_schema\"}}",
                "\"output_format\":{\"type\":\"json_schema\"}"
            })
    void aFormatMeansThatHalfAnAnswerCannotBeContinued(String member) throws BadRequest {
        assertThat(facts("{\"messages\":[],\"max_tokens\":7," + member + "}").jsonOutput())
                .isTrue();
    }

    @Test
    void emptyListsHaveNoEffect() throws BadRequest {
        RequestFacts facts = facts("{\"messages\":[],\"max_tokens\":7,\"tools\":[ ],\"stop_sequences\":[],"
                + "\"output_config\":{\"effort\":\"low\"},\"stream\":null}");
        assertThat(facts.tools()).isFalse();
        assertThat(facts.stopSequences()).isFalse();
        assertThat(facts.jsonOutput()).isFalse();
        assertThat(facts.stream()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"max_tokens":1} | messages
                    {"messages":"x","max_tokens":1} | messages
                    {"messages":[]} | max_tokens
                    {"messages":[],"max_tokens":null} | max_tokens
                    {"messages":[],"max_tokens":"1"} | max_tokens
                    {"messages":[],"max_tokens":-1} | max_tokens
                    {"messages":[],"max_tokens":1e999999999} | max_tokens
                    {"messages":[],"max_tokens":1,"stream":"yes"} | stream
                    {"messages":[],"max_tokens":1,"messages":[]} | messages
                    {"messages":[],"max_tokens":1,"system":"a","system":"b"} | system
                    """)
    void whatIsWrongIsNamed(String body, String field) {
        assertThatThrownBy(() -> facts(body))
                .isInstanceOfSatisfying(
                        BadRequest.class,
                        bad -> assertThat(bad.details().param()).isEqualTo(field));
    }
}
