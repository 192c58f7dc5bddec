package dev.understudy.protocol.dialect.responses;

import static dev.understudy.protocol.dialect.responses.Wire.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final String OWN = "openai-responses";
    private static final String CREATED =
            "{\"response\":{\"created_at\":9,\"id\":\"resp_1\",\"model\":\"m\"},\"sequence_number\":0,\"type\":\"response.created\"}";

    private static String added(int index, String item) {
        return "{\"type\":\"response.output_item.added\",\"output_index\":" + index + ",\"item\":" + item + "}";
    }

    private static String done(int index, String item) {
        return added(index, item).replace("added", "done");
    }

    private static String delta(String what, int index, String text) {
        return "{\"type\":\"response." + what + "\",\"item_id\":\"rotating\",\"output_index\":" + index
                + ",\"delta\":\"" + text + "\"}";
    }

    private static String completed(String usage) {
        return "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"usage\":"
                + usage + "}}";
    }

    /** What concerns the request, and must not open the target's circuit. */
    @ParameterizedTest
    @CsvSource({
        "bio_policy, CONTENT_POLICY",
        "cyber_policy, CONTENT_POLICY",
        "invalid_image, BAD_REQUEST",
        "invalid_image_format, BAD_REQUEST",
        "image_content_policy_violation, CONTENT_POLICY",
        "data_residency_mismatch, UNSUPPORTED",
        "server_error, SERVER_ERROR"
    })
    void aFailedResponseHasTheKindOfItsCode(String code, FailureKind kind) {
        String failed =
                "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"%s\",\"message\":\"No\"}}}"
                        .formatted(code);

        assertThat(events(failed))
                .last()
                .isInstanceOfSatisfying(
                        StreamEvent.Failed.class,
                        last -> assertThat(last.failure().kind()).isEqualTo(kind));
    }

    /** Some servers send no item before the last event. */
    @Test
    void theLastEventMayHaveAllOfTheOutput() {
        String search = "{\"type\":\"web_search_call\",\"id\":\"ws_1\"}";
        assertThat(events(
                        CREATED,
                        "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"output\":[" + search
                                + ",{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hey\"}]},"
                                + "{\"type\":\"function_call\",\"call_id\":\"call_1\",\"name\":\"f\",\"arguments\":\"{}\"}],"
                                + "\"status\":\"completed\"}}"))
                .contains(
                        new StreamEvent.ForeignCame(0, new Part.Foreign(OWN, "web_search_call", search)),
                        StreamEvent.TextDelta.of(0, "Hey"),
                        new StreamEvent.ToolCallBegan(0, 0, "call_1", "f", ""),
                        new StreamEvent.ToolCallDelta(0, 0, "{}"))
                .last()
                .isEqualTo(new StreamEvent.Done());
    }

    @Test
    void theLastEventRepeatsItemsThatHaveComeBefore() {
        String item = "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hey\"}]}";
        assertThat(events(
                        CREATED,
                        done(0, item),
                        "{\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"output\":[" + item
                                + "],\"status\":\"completed\"}}"))
                .filteredOn(StreamEvent.TextDelta.class::isInstance)
                .hasSize(1);
    }

    @Test
    void aTextWithAllItsCeremony() {
        assertThat(events(
                        CREATED,
                        CREATED.replace("created\"}", "in_progress\"}"),
                        added(0, "{\"type\":\"message\",\"id\":\"msg_1\",\"content\":[]}"),
                        "{\"type\":\"response.content_part.added\",\"output_index\":0,\"part\":{\"type\":\"output_text\"}}",
                        delta("output_text.delta", 0, "He"),
                        "{\"type\":\"response.output_text.delta\",\"output_index\":0,\"delta\":\"y\",\"logprobs\":[{\"token\":\"y\"}]}",
                        "{\"type\":\"response.output_text.annotation.added\",\"output_index\":0,\"annotation\":{\"url\":\"u\"}}",
                        "{\"type\":\"response.output_text.done\",\"output_index\":0,\"text\":\"Hey\"}",
                        "{\"type\":\"response.content_part.done\",\"output_index\":0,\"part\":{}}",
                        done(0, "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hey\"}]}"),
                        completed("{\"input_tokens\":3,\"output_tokens\":2}"),
                        "[DONE]"))
                .containsExactly(
                        new StreamEvent.Begin("resp_1", "m", OptionalLong.of(9)),
                        StreamEvent.TextDelta.of(0, "He"),
                        new StreamEvent.TextDelta(0, "y", "{\"content\":[{\"token\":\"y\"}],\"refusal\":null}"),
                        new StreamEvent.Cited(0, new Part.Citation("u", "", "", -1, -1, OWN, "{\"url\":\"u\"}")),
                        new StreamEvent.Counted(Tokens.of(3, 2)),
                        new StreamEvent.Ended(0, Finish.of(Finish.Reason.STOP, "completed")),
                        new StreamEvent.Done());
    }

    @Test
    void callsAreDistinguishedByTheirPlace() {
        assertThat(events(
                        added(
                                0,
                                "{\"type\":\"function_call\",\"id\":\"fc\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"\"}"),
                        added(1, "{\"type\":\"function_call\",\"call_id\":\"c2\",\"name\":\"g\",\"arguments\":\"\"}"),
                        delta("function_call_arguments.delta", 1, "{"),
                        delta("function_call_arguments.delta", 0, "{}"),
                        delta("function_call_arguments.delta", 1, "}"),
                        done(0, "{\"type\":\"function_call\",\"arguments\":\"{}\"}"),
                        completed("null")))
                .containsExactly(
                        new StreamEvent.ToolCallBegan(0, 0, "c1", "f", ""),
                        new StreamEvent.ToolCallBegan(0, 1, "c2", "g", ""),
                        new StreamEvent.ToolCallDelta(0, 1, "{"),
                        new StreamEvent.ToolCallDelta(0, 0, "{}"),
                        new StreamEvent.ToolCallDelta(0, 1, "}"),
                        new StreamEvent.Begin("resp_1", "", OptionalLong.empty()),
                        new StreamEvent.Counted(Tokens.NONE),
                        new StreamEvent.Ended(0, Finish.of(Finish.Reason.TOOL_CALLS, "completed")),
                        new StreamEvent.Done());
    }

    @Test
    void contentWithoutDeltasIsReportedOnceAtItsEnd() {
        assertThat(events(
                        done(
                                0,
                                "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"},{\"type\":\"refusal\",\"refusal\":\"No\"}]}"),
                        done(1, "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}")))
                .containsExactly(
                        StreamEvent.TextDelta.of(0, "Hi"),
                        new StreamEvent.RefusalDelta(0, "No"),
                        new StreamEvent.ToolCallBegan(0, 0, "c", "f", ""),
                        new StreamEvent.ToolCallDelta(0, 0, "{}"));
        assertThat(events(
                        added(0, "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\"}"),
                        "{\"type\":\"response.function_call_arguments.done\",\"output_index\":0,\"arguments\":\"{}\"}",
                        done(0, "{\"type\":\"function_call\",\"arguments\":\"{}\"}")))
                .endsWith(new StreamEvent.ToolCallDelta(0, 0, "{}"))
                .hasSize(2);
    }

    @Test
    void anEmptyPartRepeatsNothingOfTheOneBeforeIt() {
        String part = "{\"type\":\"response.content_part.added\",\"output_index\":0}";
        assertThat(events(
                        added(0, "{\"type\":\"message\"}"),
                        part,
                        delta("output_text.delta", 0, "Hi"),
                        part,
                        "{\"type\":\"response.output_text.done\",\"output_index\":0,\"text\":\"\"}",
                        done(0, "{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\"}]}")))
                .containsExactly(StreamEvent.TextDelta.of(0, "Hi"));
    }

    @Test
    void reasoningIsSignedWithWhatOpenaiExpectsBack() {
        assertThat(events(
                        added(0, "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[]}"),
                        "{\"type\":\"response.reasoning_summary_part.added\",\"output_index\":0,\"summary_index\":0}",
                        delta("reasoning_summary_text.delta", 0, "a"),
                        "{\"type\":\"response.reasoning_summary_part.added\",\"output_index\":0,\"summary_index\":1}",
                        delta("reasoning_text.delta", 0, "b"),
                        done(0, "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"e\"}")))
                .containsExactly(
                        new StreamEvent.ReasoningDelta(0, "a", OWN),
                        new StreamEvent.ReasoningDelta(0, "\n\n", OWN),
                        new StreamEvent.ReasoningDelta(0, "b", OWN),
                        new StreamEvent.ReasoningSealed(0, "rs_1", "e", OWN));
    }

    @Test
    void ownToolsAreReportedOnlyWithContent() {
        String item = "{\"type\":\"custom_tool_call\",\"id\":\"ct\",\"input\":\"SELECT\"}";
        String delta = delta("custom_tool_call_input.delta", 0, "SELECT");
        assertThat(events(
                        added(0, item),
                        "{\"type\":\"response.web_search_call.searching\",\"output_index\":0}",
                        delta,
                        done(0, item),
                        "{\"type\":\"response.from.the.future\",\"delta\":7}",
                        "{\"type\":\"keepalive\"}"))
                .containsExactly(
                        new StreamEvent.ForeignCame(
                                0, new Part.Foreign(OWN, "response.custom_tool_call_input.delta", delta)),
                        new StreamEvent.ForeignCame(0, new Part.Foreign(OWN, "custom_tool_call", item)));
    }

    @ParameterizedTest
    @CsvSource({"max_output_tokens, LENGTH", "content_filter, CONTENT_FILTER"})
    void anIncompleteAnswerHasItsReason(String why, Finish.Reason reason) {
        assertThat(events("{\"type\":\"response.incomplete\",\"response\":{\"incomplete_details\":{\"reason\":\"" + why
                        + "\"}}}"))
                .contains(new StreamEvent.Ended(0, Finish.of(reason, why)))
                .endsWith(new StreamEvent.Done());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"Slow\",\"param\":null}",
                "{\"type\":\"error\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow\"}}",
                "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow\"}}",
                "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow\"}}}",
                "{\"type\":\"response.completed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Slow\"}}}"
            })
    void anErrorIsReportedOnceWhereverItStands(String error) {
        List<StreamEvent> events = events(CREATED, error, error);

        assertThat(events).hasSize(2).last().isInstanceOfSatisfying(StreamEvent.Failed.class, failed -> {
            assertThat(failed.failure().kind()).isEqualTo(FailureKind.RATE_LIMITED);
            assertThat(failed.failure().message()).isEqualTo("Slow");
        });
    }

    @Test
    void howFarItHasCome() {
        FrameReader reader = new FrameReader();
        List<StreamEvent> events = new ArrayList<>();
        assertThat(reader.position()).isEqualTo(StreamPosition.START);

        Wire.read(reader, CREATED, events);
        Wire.read(reader, added(0, "{\"type\":\"reasoning\",\"id\":\"rs\"}"), events);
        Wire.read(reader, added(1, "{\"type\":\"message\",\"id\":\"msg\"}"), events);
        Wire.read(
                reader,
                delta("output_text.delta", 1, "x").replace("{\"type\"", "{\"sequence_number\":41,\"type\""),
                events);

        OpenParts.Item open = new OpenParts.Item(
                "msg",
                1,
                false,
                List.of(new OpenParts.ItemPart(
                        OpenParts.ItemPart.Kind.OUTPUT_TEXT,
                        false,
                        1,
                        OpenParts.TextSoFar.NONE,
                        OpenParts.ItemPart.Stage.OPEN)));
        assertThat(reader.position()).isEqualTo(new StreamPosition(true, "resp_1", OptionalLong.of(9), 2, open, 41));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "7",
                "{} x",
                "{\"type\":\"response.output_text.delta\"}",
                "{\"type\":\"response.output_text.delta\",\"delta\":1}",
                "{\"delta\":null,\"type\":\"response.refusal.delta\"}",
                "{\"type\":\"response.completed\"}",
                "{\"type\":\"response.output_item.added\",\"item\":[]}",
                "{\"type\":\"response.function_call_arguments.delta\",\"output_index\":3,\"delta\":\"{\"}"
            })
    void whatHasNotTheShapeOfItsTypeCannotBeRead(String frame) {
        assertThat(Wire.read(new FrameReader(), frame, new ArrayList<>())).isFalse();
    }

    @Test
    void anEmptyFrameIsIgnored() {
        assertThat(events("", "{}", "{\"type\":7}")).isEmpty();
    }
}
