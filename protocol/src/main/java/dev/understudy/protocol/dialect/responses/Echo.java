package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.ValueKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a response repeats of its request, and OpenAI's defaults for what the request does not say. The official clients
 * have typed fields for all of it, and some of them insist.
 */
final class Echo {
    private static final BodyLimits ANY = new BodyLimits(Integer.MAX_VALUE, Depths.DEEPEST);

    /** In OpenAI's order. */
    private static final Map<String, String> DEFAULTS = defaults();

    private final Optional<Members> request;

    private Echo(Optional<Members> request) {
        this.request = request;
    }

    /** @param body the request's; what cannot be read is not repeated */
    static Echo of(byte[] body) {
        try {
            return new Echo(Optional.of(Members.scan(body, ANY)));
        } catch (BadRequest unreadable) {
            return new Echo(Optional.empty());
        }
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("background", "false");
        defaults.put("instructions", "null");
        defaults.put("max_output_tokens", "null");
        defaults.put("max_tool_calls", "null");
        defaults.put("metadata", "{}");
        defaults.put("parallel_tool_calls", "true");
        defaults.put("previous_response_id", "null");
        defaults.put("prompt_cache_key", "null");
        defaults.put("reasoning", "{\"effort\":null,\"summary\":null}");
        defaults.put("safety_identifier", "null");
        defaults.put("temperature", "1");
        defaults.put("text", "{\"format\":{\"type\":\"text\"}}");
        defaults.put("tool_choice", "\"auto\"");
        defaults.put("tools", "[]");
        defaults.put("top_logprobs", "0");
        defaults.put("top_p", "1");
        defaults.put("truncation", "\"disabled\"");
        defaults.put("user", "null");
        return defaults;
    }

    /** Writes the members. {@code store} is false whatever was asked: nobody keeps what is put together here. */
    void write(JsonGenerator json) throws IOException {
        for (Map.Entry<String, String> member : DEFAULTS.entrySet()) {
            json.writeFieldName(member.getKey());
            RawJson.write(json, said(member.getKey()).orElse(member.getValue()));
        }
        json.writeBooleanField("store", false);
    }

    /**
     * Whether the caller asked to see what the model thinks. Who did not gets no thoughts from OpenAI either, and would
     * send them back with the next request, where OpenAI refuses those that it does not know.
     */
    boolean wantsThoughts() {
        JsonNode reasoning = JsonTrees.of(said("reasoning").orElse("{}"));
        return reasoning.path("summary").isTextual()
                || reasoning.path("generate_summary").isTextual();
    }

    private Optional<String> said(String name) {
        return request.flatMap(members -> {
            int index = members.indexOf(name);
            return index < 0 || members.kind(index) == ValueKind.NULL
                    ? Optional.empty()
                    : Optional.of(members.json(index));
        });
    }
}
