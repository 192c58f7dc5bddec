package dev.understudy.protocol.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFactsTableTest {
    private static final RequestFactsTable TABLE = new RequestFactsTable.Builder()
            .withoutConversation(() -> BadRequest.missing("messages", "no messages"))
            .row("messages", RequestFactsTable.conversation("a list", ValueKind.ARRAY))
            .row("system", RequestFactsTable::prompt)
            .row("max_tokens", RequestFactsTable::maxTokens)
            .row("max_completion_tokens", RequestFactsTable::maxTokens)
            .row("n", RequestFactsTable::choices)
            .row("stream", RequestFactsTable::stream)
            .row(
                    "config",
                    RequestFactsTable.members(Map.of(
                            "stop",
                            RequestFactsTable::stop,
                            "inner",
                            RequestFactsTable.members(Map.of("tools", RequestFactsTable::tools)))))
            .row("thinking", RequestFactsTable.reasoning(ReasoningChoice::ofThinking))
            .build();

    private static Members members(String rest) throws BadRequest {
        return Members.scan(("{" + rest + "}").getBytes(UTF_8), BodyLimits.ofDefaults());
    }

    private static RequestFacts facts(String rest) throws BadRequest {
        return TABLE.facts(members("\"messages\":[ 1 ]" + rest), false);
    }

    @Test
    void aRowReadsItsMemberAtAnyDepth() throws BadRequest {
        RequestFacts facts = facts(",\"system\":\"ab\",\"stream\":true,\"n\":2,\"unknown\":[],"
                + "\"config\":{\"other\":{\"stop\":1},\"stop\":[\"x\"],\"inner\":{\"tools\":[{}]}},"
                + "\"thinking\":{\"type\":\"enabled\"}");
        assertThat(facts.promptBytes()).isEqualTo("[ 1 ]\"ab\"[{}]".length());
        assertThat(facts.stream()).isTrue();
        assertThat(facts.choices()).hasValue(2);
        assertThat(facts.stopSequences()).isTrue();
        assertThat(facts.tools()).isTrue();
        assertThat(facts.reasoning()).isEqualTo(ReasoningChoice.ON);
    }

    @Test
    void nullsAndEmptyListsHaveNoEffect() throws BadRequest {
        RequestFacts facts = facts(",\"system\":null,\"stream\":null,\"n\":null,"
                + "\"config\":{\"stop\":[ ],\"inner\":{\"tools\":null}},\"thinking\":null");
        assertThat(facts).isEqualTo(TABLE.facts(members("\"messages\":[ 1 ]"), false));
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "7.9, 7", "1e2, 100", "9999999999, 2147483647", "-1, -1", "'\"7\"', -1", "1e999999999, -1"})
    void aCountIsAnyNumberThatIsNotNegative(String number, long count) throws BadRequest {
        assertThat(facts(",\"max_tokens\":" + number).maxTokens().orElse(-1)).isEqualTo(count);
    }

    @Test
    void theLowerOfTwoLimitsHolds() throws BadRequest {
        assertThat(facts(",\"max_tokens\":9,\"max_completion_tokens\":5").maxTokens())
                .hasValue(5);
    }

    @Test
    void whatIsMissingDoubleOrOfTheWrongTypeIsRefused() {
        assertThatThrownBy(() -> TABLE.facts(members("\"stream\":null"), false)).hasMessage("no messages");
        assertThatThrownBy(() -> TABLE.facts(members("\"messages\":null"), false))
                .hasMessage("'messages' must be a list, not null.");
        assertThatThrownBy(() -> TABLE.facts(members("\"messages\":\"x\""), false))
                .hasMessage("'messages' must be a list, not a string.");
        assertThatThrownBy(() -> facts(",\"stream\":1")).hasMessage("'stream' must be true or false, not a number.");
        assertThatThrownBy(() -> facts(",\"messages\":[]")).hasMessageContaining("more than once");
    }

    @Test
    void reasoningIsReadFromAFewMembersAndNothingIsRefused() throws BadRequest {
        assertThat(TABLE.reasoning(members("\"thinking\":{\"type\":\"disabled\"},\"stream\":1")))
                .isEqualTo(ReasoningChoice.OFF);
        assertThat(TABLE.reasoning(members("\"thinking\":" + "[".repeat(70) + "]".repeat(70))))
                .isEqualTo(ReasoningChoice.UNSAID);
    }
}
