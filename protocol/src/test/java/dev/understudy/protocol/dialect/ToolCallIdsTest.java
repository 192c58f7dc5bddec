package dev.understudy.protocol.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ToolCallIdsTest {
    private static final ToolCallIds.Rule NINE = new ToolCallIds.Rule(Pattern.compile("[a-zA-Z0-9]{9}"), "", 9);
    private static final ToolCallIds.Rule ANY = new ToolCallIds.Rule(Pattern.compile(".{1,64}"), "call_", 32);

    @Test
    void anAcceptedIdIsUnchangedAndAnyOtherIsReplacedAlwaysAlike() {
        assertThat(NINE.fit("abcdefgh9")).isEqualTo("abcdefgh9");
        assertThat(NINE.fit("toolu_1")).matches("[0-9a-f]{9}").isEqualTo(NINE.fit("toolu_1"));
        assertThat(NINE.fit("toolu_1")).isNotEqualTo(NINE.fit("toolu_2"));
        assertThat(ANY.fit("x".repeat(65))).matches("call_[0-9a-f]{32}");
    }

    @Test
    void resultsWithoutIdsAnswerTheCallsOfTheirToolInOrder() {
        ToolCallIds ids = new ToolCallIds(ANY);
        String first = ids.ofCall("", "f");
        String other = ids.ofCall("", "g");
        String second = ids.ofCall("", "f");
        assertThat(first).isNotEqualTo(second).isNotEqualTo(other);
        assertThat(ids.ofResult("", "f")).isEqualTo(first);
        assertThat(ids.ofResult("", "f")).isEqualTo(second);
        assertThat(ids.ofResult("", "g")).isEqualTo(other);
        assertThat(ids.ofResult("own", "g")).isEqualTo("own");
    }

    @Test
    void anIdFromAnAnswerFitsEveryVendor() {
        String id = ToolCallIds.ofAnswer("resp:" + "é".repeat(100), 12, 345);
        assertThat(id).matches("[a-zA-Z0-9_-]{1,40}").endsWith("_12_345");
        assertThat(ToolCallIds.ofAnswer("", 0, 1)).isEqualTo("call__0_1");
        assertThat(ToolCallIds.ofPosition(2, 3)).isEqualTo("call_2_3");
    }
}
