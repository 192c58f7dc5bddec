package dev.understudy.protocol.dialect.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.dialect.RequestFacts;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiFactsTest {

    private static RequestFacts facts(String body, boolean stream) throws BadRequest {
        return new GeminiDialect().facts(Members.scan(body.getBytes(UTF_8), BodyLimits.ofDefaults()), stream);
    }

    @Test
    void onlyContentsAreNeeded() throws BadRequest {
        RequestFacts facts = facts("{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}", false);

        assertThat(facts.stream()).isFalse();
        assertThat(facts.choices()).isEmpty();
        assertThat(facts.maxTokens()).isEmpty();
        assertThat(facts.tools()).isFalse();
        assertThat(facts.promptBytes()).isEqualTo("[{\"parts\":[{\"text\":\"Hi\"}]}]".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"contents":[],"tools":[{"googleSearch":{}}],"generationConfig":{"maxOutputTokens":7,"candidateCount":2,
                 "stopSequences":["x"],"responseMimeType":"application/json"}}
                """, """
                {"contents":[],"tools":[{"google_search":{}}],"generation_config":{"max_output_tokens":7,
                 "candidate_count":2,"stop_sequences":["x"],"response_mime_type":"application/json"}}
                """})
    void bothSpellingsAreRead(String body) throws BadRequest {
        RequestFacts facts = facts(body, true);

        assertThat(facts.stream()).isTrue();
        assertThat(facts.choices()).hasValue(2);
        assertThat(facts.maxTokens()).hasValue(7);
        assertThat(facts.stopSequences()).isTrue();
        assertThat(facts.jsonOutput()).isTrue();
        assertThat(facts.tools()).isTrue();
    }

    @Test
    void emptyListsAndOtherTypesOfOutputHaveNoEffect() throws BadRequest {
        RequestFacts facts = facts(
                "{\"contents\":[],\"tools\":[ ],\"generationConfig\":{\"stopSequences\":[],"
                        + "\"responseMimeType\":\"text/plain\",\"maxOutputTokens\":-3}}",
                false);

        assertThat(facts.tools()).isFalse();
        assertThat(facts.stopSequences()).isFalse();
        assertThat(facts.jsonOutput()).isFalse();
        assertThat(facts.maxTokens()).isEmpty();
    }

    @Test
    void theSameMemberInTwoSpellingsIsADuplicate() {
        assertThatThrownBy(() -> facts("{\"contents\":[],\"generationConfig\":{},\"generation_config\":{}}", false))
                .isInstanceOf(BadRequest.class)
                .hasMessageContaining("generation_config")
                .hasMessageContaining("more than once");
    }

    @Test
    void wrongTypesAreNamed() {
        assertThatThrownBy(() -> facts("{}", false)).hasMessageContaining("'contents'");
        assertThatThrownBy(() -> facts("{\"contents\":\"Hi\"}", false)).hasMessageContaining("a list of contents");
        assertThatThrownBy(() -> facts("{\"contents\":[],\"tools\":1}", false)).hasMessageContaining("'tools'");
        assertThatThrownBy(() -> facts("{\"contents\":[],\"generation_config\":[]}", false))
                .hasMessageContaining("'generation_config' must be an object, not a list");
    }
}
