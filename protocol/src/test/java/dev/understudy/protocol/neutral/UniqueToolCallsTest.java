package dev.understudy.protocol.neutral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.neutral.Turn.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class UniqueToolCallsTest {

    private static Turn calls(Part... parts) {
        return Turn.of(Role.ASSISTANT, parts);
    }

    private static Part.ToolCall call(String id, String name) {
        return Part.ToolCall.of(id, name, "{}");
    }

    private static Part.ToolResult result(String id, String name, String text) {
        return new Part.ToolResult(id, name, List.of(Part.Text.of(text)), false);
    }

    private static Turn results(Part... parts) {
        return Turn.of(Role.USER, parts);
    }

    @Test
    void uniqueConversationsAreTheSameObject() {
        List<Turn> turns =
                List.of(calls(call("a", "f"), call("b", "f")), results(result("b", "", ""), result("a", "", "")));

        assertThat(UniqueToolCalls.in(turns)).isSameAs(turns);
    }

    @Test
    void callsNumberedFromZeroInEachTurn() {
        assertThat(UniqueToolCalls.in(List.of(
                        calls(call("call_0", "f")),
                        results(result("call_0", "", "one")),
                        calls(call("call_0", "g")),
                        results(result("call_0", "", "two")))))
                .containsExactly(
                        calls(call("call_0", "f")),
                        results(result("call_0", "", "one")),
                        calls(call("call_0_2", "g")),
                        results(result("call_0_2", "", "two")));
    }

    @Test
    void theSameIdTwiceInATurnIsAnsweredInOrder() {
        assertThat(UniqueToolCalls.in(List.of(
                        calls(call("x", "f"), call("x", "g"), call("x_2", "h")),
                        results(result("x", "", "one"), result("x", "", "two"), result("x_2", "", "three")))))
                .containsExactly(
                        calls(call("x", "f"), call("x_3", "g"), call("x_2", "h")),
                        results(result("x", "", "one"), result("x_3", "", "two"), result("x_2", "", "three")));
    }

    @Test
    void aResultBelongsToTheLastTurnsCall() {
        assertThat(UniqueToolCalls.in(List.of(
                        calls(call("x", "f")),
                        results(Part.Text.of("never mind")),
                        calls(call("x", "f")),
                        results(result("x", "", "two")))))
                .last()
                .isEqualTo(results(result("x_2", "", "two")));
    }

    @Test
    void emptyIdsAreFilledByTool() {
        assertThat(UniqueToolCalls.in(List.of(
                        calls(call("", "f"), call("", "g"), call("", "f")),
                        results(result("", "f", "one"), result("", "f", "three"), result("", "g", "two")))))
                .containsExactly(
                        calls(call("call_f_1", "f"), call("call_g_1", "g"), call("call_f_2", "f")),
                        results(
                                result("call_f_1", "f", "one"),
                                result("call_f_2", "f", "three"),
                                result("call_g_1", "g", "two")));
    }
}
