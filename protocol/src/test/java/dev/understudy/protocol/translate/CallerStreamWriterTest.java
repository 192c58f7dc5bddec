package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.neutral.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class CallerStreamWriterTest {
    private static final String FACE = "\uD83D\uDE00";

    private static List<StreamEvent> written(String request, StreamEvent... events) {
        List<StreamEvent> written = new ArrayList<>();
        StreamWriter recorder = new StreamWriter() {
            @Override
            public void write(StreamEvent event, ByteArrayOutputStream to) {
                written.add(event);
            }

            @Override
            public StreamPosition position() {
                return StreamPosition.START;
            }
        };
        CallerStreamWriter writer = new CallerStreamWriter(
                recorder,
                new CallerToolCallIds(ToolCallIds.Rule.PLAIN, request.getBytes(UTF_8)),
                UnaryOperator.identity());
        for (StreamEvent event : events) {
            writer.write(event, new ByteArrayOutputStream());
        }
        return written;
    }

    private static List<String> ids(String request, String... given) {
        List<StreamEvent> events = new ArrayList<>();
        events.add(new StreamEvent.Begin("chatcmpl-1", "m", OptionalLong.empty()));
        for (int i = 0; i < given.length; i++) {
            events.add(new StreamEvent.ToolCallBegan(0, i, given[i], "f", ""));
        }
        return written(request, events.toArray(StreamEvent[]::new)).stream()
                .filter(StreamEvent.ToolCallBegan.class::isInstance)
                .map(event -> ((StreamEvent.ToolCallBegan) event).id())
                .toList();
    }

    @Test
    void idsThatTheCallerCanSendBackAreUnchanged() {
        assertThat(ids("{}", "toolu_01A", "call_1-b")).containsExactly("toolu_01A", "call_1-b");
    }

    @Test
    void otherIdsAreReplaced() {
        assertThat(ids("{}", "functions.f:0", "x".repeat(65), "a", "a", ""))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[a-zA-Z0-9_-]{1,64}"))
                .contains("a", "call_chatcmpl-1_0_4");
    }

    @Test
    void anIdOfTheConversationIsNotUsedAgain() {
        String first = "{\"messages\":[{\"tool_calls\":[{\"id\":\"call_0\"}]}]}";
        String id = ids(first, "call_0").getFirst();
        assertThat(id).isNotEqualTo("call_0");

        String second =
                "{\"messages\":[{\"tool_calls\":[{\"id\":\"call_0\"}]},{\"tool_calls\":[{\"id\":\"" + id + "\"}]}]}";
        assertThat(ids(second, "call_0").getFirst()).isNotIn("call_0", id);
    }

    @Test
    void theSameRequestGetsTheSameIds() {
        assertThat(ids("{}", "functions.f:0")).isEqualTo(ids("{}", "functions.f:0"));
    }

    @Test
    void halvesOfACharacterAreJoined() {
        assertThat(written(
                        "{}",
                        StreamEvent.TextDelta.of(0, "a" + FACE.charAt(0)),
                        new StreamEvent.ReasoningDelta(0, "hm" + FACE.charAt(0), "openai"),
                        StreamEvent.TextDelta.of(0, FACE.charAt(1) + "b"),
                        new StreamEvent.ReasoningDelta(0, FACE.substring(1), "openai"),
                        new StreamEvent.ToolCallDelta(0, 0, "{\"a\":\"" + FACE.charAt(0)),
                        new StreamEvent.ToolCallDelta(0, 1, "{"),
                        new StreamEvent.ToolCallDelta(0, 0, FACE.charAt(1) + "\"}")))
                .containsExactly(
                        StreamEvent.TextDelta.of(0, "a"),
                        new StreamEvent.ReasoningDelta(0, "hm", "openai"),
                        StreamEvent.TextDelta.of(0, FACE + "b"),
                        new StreamEvent.ReasoningDelta(0, FACE, "openai"),
                        new StreamEvent.ToolCallDelta(0, 0, "{\"a\":\""),
                        new StreamEvent.ToolCallDelta(0, 1, "{"),
                        new StreamEvent.ToolCallDelta(0, 0, FACE + "\"}"));
    }
}
