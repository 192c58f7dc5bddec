package dev.understudy.protocol.translate;

import static dev.understudy.protocol.translate.ChatTranscript.delta;
import static dev.understudy.protocol.translate.ChatTranscript.finish;
import static dev.understudy.protocol.translate.ChatTranscript.sse;
import static dev.understudy.protocol.translate.ChatTranscript.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.StreamOptions;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stream keeps so that another target can go on from it. */
class ChatStreamTextTest {
    private static final String ROLE = delta("\"role\":\"assistant\",\"content\":\"\",\"refusal\":null");
    private static final String USAGE = "{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":20}}";

    private static DialectStream collected(AnswerRules rules, String body) {
        DialectStream stream =
                ChatTranscript.stream(rules, 4 << 20, new StreamOptions(true, false), new ChatTranscript(rules, 1));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        stream.feed(bytes, 0, bytes.length);
        return stream;
    }

    private static DialectStream collected(String... data) {
        return collected(AnswerRules.DEFAULT, sse(data));
    }

    @Test
    void theTextOfTheDeltasIsKept() {
        DialectStream stream = collected(ROLE, text("Gr\\u00fc\\u00dfe"), text(""), text("\\n\\\"🎭\\\""));

        assertThat(stream.text()).contains("Grüße\n\"🎭\"");
        assertThat(stream.continuable()).isTrue();
        assertThat(stream.facts().contents()).isEqualTo(2);
    }

    @Test
    void blanksBeforeTheTextBelongToIt() {
        assertThat(collected(text("\\n"), text(" "), text("x ")).text()).contains("\n x ");
    }

    @Test
    void noTextIsKeptByDefault() {
        ChatTranscript transcript = ChatTranscript.ofData(text("x"));

        assertThat(transcript.stream.text()).isEmpty();
        assertThat(transcript.stream.position().id())
                .as("for what may have to be added to the stream")
                .isEqualTo("1");
        assertThat(transcript.stream.continuable()).isFalse();
        assertThat(transcript.stream.facts().contents()).isEqualTo(1);
    }

    @Test
    void theIdAndTimeOfTheStreamAreRead() {
        DialectStream stream = collected(
                "{\"id\":\"\",\"created\":0,\"choices\":[]}",
                "{\"id\":\"first\",\"created\":1700000000,\"choices\":[]}",
                "{\"id\":\"second\",\"created\":1800000000,\"choices\":[]}");

        assertThat(stream.position().id()).isEqualTo("first");
        assertThat(stream.position().created()).hasValue(1_700_000_000);
        assertThat(collected("{\"id\":7,\"created\":\"now\",\"choices\":[]}")
                        .position()
                        .id())
                .isEmpty();
        assertThat(collected("{\"id\":7,\"created\":1e99,\"choices\":[]}")
                        .position()
                        .created())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]",
                "\"function_call\":{\"name\":\"f\"}",
                "\"refusal\":\"No\"",
                "\"audio\":{\"id\":\"a\"}",
                "\"images\":[{\"type\":\"image_url\"}]",
                "\"content\":[{\"type\":\"text\",\"text\":\"x\"}]"
            })
    void whatIsNotPlainTextCannotBeContinued(String members) {
        assertThat(collected(ROLE, text("x"), delta(members)).continuable()).isFalse();
        assertThat(collected(ROLE, delta(members)).continuable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"reasoning\":\"Hm\"",
                "\"reasoning_content\":\"Hm\"",
                "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm\"}]}]"
            })
    void reasoningIsNoPartOfTheAnswer(String members) {
        DialectStream before = collected(ROLE, delta(members), delta(members), text("x"));
        assertThat(before.continuable()).isTrue();
        assertThat(before.text()).contains("x");
        assertThat(collected(text("x"), delta(members)).continuable()).isTrue();

        DialectStream only = collected(ROLE, delta(members));
        assertThat(only.continuable())
                .as("the next target answers the original request")
                .isTrue();
        assertThat(only.text()).contains("");
    }

    @Test
    void severalChoicesCanBeAnsweredAnewWhileNoneHasText() {
        AnswerRules two = new AnswerRules(false, 2, false, false, false);

        assertThat(collected(two, sse(ROLE, delta("\"reasoning\":\"Hm\""))).continuable())
                .isTrue();
        assertThat(collected(two, sse(delta("\"reasoning\":\"Hm\""), text("x"))).continuable())
                .isFalse();
    }

    @Test
    void oneChoiceOnly() {
        String other = text("y").replace("\"index\":0", "\"index\":1");

        assertThat(collected(text("x"), other, text("z")).text()).contains("xz");
        assertThat(collected(text("x"), other).continuable()).isFalse();
        assertThat(collected(new AnswerRules(false, 2, false, false, false), sse(text("x")))
                        .continuable())
                .isFalse();
        String indexLast = "{\"choices\":[{\"delta\":{\"content\":\"y\"},\"index\":1}]}";
        assertThat(collected(text("x"), indexLast).text()).contains("x");
    }

    @Test
    void aCompleteAnswerIsNotContinued() {
        assertThat(collected(text("x"), finish("stop")).continuable()).isFalse();
        assertThat(collected(text("x"), finish("stop")).text()).contains("x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lost\"},\"finish_reason\":\"error\"}]}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lost\"}}],\"error\":{\"message\":\"m\"}}",
                "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"lost\"}}]",
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"lost\"},\"finish_reason\":\"error\"}]}"
            })
    void theTextOfAnEventThatWasNotPassedOnIsNotKept(String data) {
        DialectStream stream = collected(text("kept"), data);

        assertThat(stream.isFailed()).isTrue();
        assertThat(stream.text()).contains("kept");
        assertThat(stream.continuable()).isTrue();
    }

    @Test
    void aVeryLongTextIsGivenUp() {
        String most = "y".repeat(256 * 1024);
        DialectStream atTheLimit = collected(text(most));
        assertThat(atTheLimit.text()).contains(most);
        assertThat(atTheLimit.continuable()).isTrue();

        DialectStream beyond = collected(text(most), text("z"), text("z"));
        assertThat(beyond.text()).isEmpty();
        assertThat(beyond.continuable()).isFalse();
        assertThat(beyond.facts().contents()).isEqualTo(3);
    }

    @Test
    void tokensAreThoseReportedOrElseEstimated() {
        assertThat(collected(text("a"), text("b"), text("c")).completionTokens())
                .as("a token in each event")
                .isEqualTo(3);
        assertThat(collected(text("four letters, thrice")).completionTokens())
                .as("long events")
                .isEqualTo(5);
        DialectStream reported = collected(text("a"), USAGE);
        assertThat(reported.completionTokens()).isEqualTo(20);
        assertThat(reported.usage().promptTokens()).isEqualTo(OptionalLong.of(7));
    }
}
