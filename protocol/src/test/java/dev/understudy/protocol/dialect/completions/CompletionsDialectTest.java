package dev.understudy.protocol.dialect.completions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import dev.understudy.protocol.neutral.Turn;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionsDialectTest {
    private static final CompletionsDialect DIALECT = new CompletionsDialect();

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aPromptComesOutAsItWentIn() throws Exception {
        NeutralRequest request =
                DIALECT.readRequest(bytes("{\"prompt\":[\"Once\"],\"max_tokens\":5,\"stop\":\"x\"}"), false);
        byte[] body =
                DIALECT.writeRequest(request, "m", ModelCapabilities.UNKNOWN).body();
        assertThat(JsonTrees.of(new String(body, StandardCharsets.UTF_8)))
                .isEqualTo(JsonTrees.of("{\"model\":\"m\",\"prompt\":\"Once\",\"max_tokens\":5,\"stop\":[\"x\"]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\":[\"a\",\"b\"]}",
                "{\"prompt\":[1,2]}",
                "{\"prompt\":\"a\",\"suffix\":\"b\"}",
                "{\"prompt\":\"a\",\"echo\":true}"
            })
    void whatOnlyThisApiHasIsNotRead(String body) {
        assertThatThrownBy(() -> DIALECT.readRequest(bytes(body), false))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("only a target with the Completions API");
    }

    @Test
    void eachPromptHasItsOwnAnswers() throws Exception {
        byte[] body = bytes("{\"prompt\":[\"a\",\"b\"],\"n\":3,\"stream\":true}");
        assertThat(DIALECT.facts(Members.scan(body, BodyLimits.ofDefaults()), false)
                        .choices())
                .hasValue(6);
    }

    @Test
    void aConversationIsNotTranslatable() {
        NeutralRequest request = new NeutralRequest.Builder(List.of(
                        Turn.of(Turn.Role.SYSTEM, Part.Text.of("a")), Turn.of(Turn.Role.USER, Part.Text.of("b"))))
                .build();
        assertThatThrownBy(() -> DIALECT.writeRequest(request, "m", ModelCapabilities.UNKNOWN))
                .isInstanceOf(UntranslatableRequest.class);
    }

    @Test
    void whatAStreamWritesReadsAsTheSame() {
        List<StreamEvent> said = List.of(
                new StreamEvent.Begin("c", "m", OptionalLong.of(5)),
                StreamEvent.TextDelta.of(0, "Hi"),
                new StreamEvent.Ended(0, Finish.of(Finish.Reason.LENGTH, "length")),
                new StreamEvent.Counted(Tokens.of(1, 2)),
                new StreamEvent.Done());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamWriter writer = DIALECT.streamWriter(new RequestContext(bytes("{}"), true, 7), Optional.empty());
        said.forEach(event -> writer.write(event, out));

        StreamReader reader = DIALECT.streamReader();
        List<StreamEvent> read = new ArrayList<>();
        for (String frame :
                out.toString(StandardCharsets.UTF_8).replace("data: ", "").split("\n\n")) {
            byte[] data = bytes(frame);
            assertThat(reader.read(new Frame("", false, data, 0, data.length), read::add))
                    .isTrue();
        }
        assertThat(read).isEqualTo(said);
    }
}
