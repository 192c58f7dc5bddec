package dev.understudy.protocol.dialect.responses;

import static dev.understudy.protocol.dialect.responses.Wire.tree;
import static dev.understudy.protocol.dialect.responses.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.failure.AttemptLine;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactsAndErrorsTest {
    private static final ErrorResponse ERROR = new ErrorResponse(
            503,
            FailureKind.OVERLOADED,
            new ErrorDetails("All are busy", "server_error", "", "overloaded"),
            List.of(new AttemptLine("openai/gpt", "overloaded", 503, "busy", 12)));

    private static RequestFacts facts(String body) throws BadRequest {
        return new ResponsesDialect().facts(Members.scan(utf8(body), BodyLimits.ofDefaults()), false);
    }

    @Test
    void whatDecidesHowACallGoes() throws BadRequest {
        assertThat(facts("""
                        {"input":"12345678","instructions":"12","stream":true,"max_output_tokens":7,"tools":[{"a":1}],
                        "text":{"format":{"type":"json_schema"}}}
                        """))
                .isEqualTo(RequestFacts.builder().stream(true)
                        .maxTokens(OptionalLong.of(7))
                        .tools(true)
                        .jsonOutput(true)
                        .promptBytes(23)
                        .build());
        assertThat(facts("{\"input\":[],\"stream\":null,\"tools\":[],\"text\":{},\"instructions\":null}"))
                .isEqualTo(RequestFacts.builder().promptBytes(4).build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"previous_response_id", "conversation", "prompt"})
    void whatOpenaiKnowsAlreadyStandsForAnInput(String member) throws BadRequest {
        assertThat(facts("{\"" + member + "\":\"x\"}").promptBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"input\":null}",
                "{\"input\":{}}",
                "{\"input\":\"a\",\"input\":\"b\"}",
                "{\"input\":\"a\",\"stream\":1}",
                "{\"prompt\":null}"
            })
    void whatIsNeededMustBeThereOnceAndOfItsType(String body) {
        assertThatExceptionOfType(BadRequest.class).isThrownBy(() -> facts(body));
    }

    @Test
    void anErrorHasOpenaisForm() {
        JsonNode body = tree(new ResponsesDialect().writeError(ERROR));

        assertThat(body.at("/error/message").asText()).isEqualTo("All are busy");
        assertThat(body.at("/error/attempts/0/target").asText()).isEqualTo("openai/gpt");
    }

    @Test
    void anErrorContinuesTheSequenceOfTheStream() {
        StreamPosition reached =
                new StreamPosition(true, "resp_1", OptionalLong.empty(), 1, OpenParts.Block.NOTHING, 41);

        assertThat(Wire.frames(new ResponsesDialect().writeStreamError(ERROR, reached)))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.path("sequence_number").asLong()).isEqualTo(42));
    }

    @Test
    void anErrorInAStreamHasBothFormsThatClientsLookFor() {
        List<JsonNode> frames = Wire.frames(new ResponsesDialect().writeStreamError(ERROR));

        assertThat(frames).singleElement().isEqualTo(tree("""
                {"type":"error","sequence_number":0,"code":"overloaded","message":"All are busy","param":null,
                "error":{"message":"All are busy","type":"server_error","param":null,"code":"overloaded","attempts":[
                {"target":"openai/gpt","outcome":"overloaded","status":503,"message":"busy","duration_ms":12}]}}
                """));
    }
}
