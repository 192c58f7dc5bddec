package dev.understudy.client;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A piece of a streamed answer.
 *
 * @param text the text of this piece; empty if it has none
 * @param finishReason why the answer ended, in the last piece with a choice; empty before
 * @param json the whole piece, as a chunk of a chat completion
 */
public record CompletionChunk(String text, String finishReason, String json) {

    static CompletionChunk of(JsonNode chunk) {
        JsonNode choice = chunk.path("choices").path(0);
        return new CompletionChunk(
                choice.path("delta").path("content").asText(""),
                choice.path("finish_reason").asText(""),
                chunk.toString());
    }
}
