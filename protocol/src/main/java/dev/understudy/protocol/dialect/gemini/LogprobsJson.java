package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import java.io.IOException;

/** Writes the probabilities of tokens, which come as OpenAI writes them, as {@code logprobsResult}. */
final class LogprobsJson {

    private LogprobsJson() {}

    /** @param logprobs {@code {"content":[{"token","logprob","top_logprobs"}]}}; nothing is written if it is empty */
    static void write(JsonGenerator json, String logprobs) throws IOException {
        JsonNode tokens = logprobs.isEmpty()
                ? JsonTrees.emptyObject()
                : JsonTrees.of(logprobs).path("content");
        if (!tokens.isArray() || tokens.isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("logprobsResult");
        json.writeArrayFieldStart("topCandidates");
        for (JsonNode token : tokens) {
            json.writeStartObject();
            json.writeArrayFieldStart("candidates");
            for (JsonNode alternative : token.path("top_logprobs")) {
                candidate(json, alternative);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("chosenCandidates");
        for (JsonNode token : tokens) {
            candidate(json, token);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void candidate(JsonGenerator json, JsonNode token) throws IOException {
        json.writeStartObject();
        json.writeStringField("token", token.path("token").asText(""));
        if (token.path("logprob").isNumber()) {
            json.writeFieldName("logProbability");
            json.writeRawValue(token.path("logprob").toString());
        }
        json.writeEndObject();
    }
}
