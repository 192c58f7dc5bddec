package dev.understudy.protocol.dialect.completions;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes a request of a single text of the user's, which becomes the prompt. Nothing else can be said here. */
final class RequestWriter {
    /** Where nothing is said this API stops after 16 tokens, which no caller of another one means. */
    private static final int USUAL_MAX_TOKENS = 1024;

    private RequestWriter() {}

    static WrittenRequest write(NeutralRequest request, String model, ModelCapabilities capabilities)
            throws UntranslatableRequest {
        String prompt = prompt(request);
        List<String> warnings = new ArrayList<>();
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeStringField("prompt", prompt);
            sampling(json, request.sampling(), capabilities, warnings);
            if (request.stream()) {
                json.writeBooleanField("stream", true);
                json.writeObjectFieldStart("stream_options");
                json.writeBooleanField("include_usage", true);
                json.writeEndObject();
            }
            if (!request.user().isEmpty()) {
                json.writeStringField("user", request.user());
            }
            if (request.reasoning().asEffort().isPresent()) {
                warnings.add("reasoning_effort: dropped, not supported by the Completions API");
            }
            for (NeutralRequest.Other other : request.others()) {
                if (other.dialect().equals(CompletionsDialect.NAME)) {
                    json.writeFieldName(other.name());
                    json.writeRawValue(other.json());
                } else {
                    warnings.add(other.name() + ": dropped, not supported by the Completions API");
                }
            }
            json.writeEndObject();
        });
        return new WrittenRequest(body, warnings);
    }

    private static String prompt(NeutralRequest request) throws UntranslatableRequest {
        if (!request.tools().tools().isEmpty()) {
            throw new UntranslatableRequest("tools", "The Completions API does not support tools.");
        }
        if (!(request.output() instanceof ResponseFormat.Text)) {
            throw new UntranslatableRequest(
                    "response_format", "The Completions API does not support response formats.");
        }
        if (request.turns().size() != 1 || request.turns().getFirst().role() != Turn.Role.USER) {
            throw new UntranslatableRequest(
                    "messages", "The Completions API accepts a single prompt, not a conversation.");
        }
        StringBuilder prompt = new StringBuilder();
        for (Part part : request.turns().getFirst().parts()) {
            if (part instanceof Part.Text text) {
                prompt.append(text.text());
            } else if (!(part instanceof Part.CachePoint)) {
                throw new UntranslatableRequest("messages", "The Completions API accepts only text.");
            }
        }
        return prompt.toString();
    }

    private static void sampling(
            JsonGenerator json, Sampling sampling, ModelCapabilities capabilities, List<String> warnings)
            throws IOException {
        long limit = sampling.maxTokens().orElse(capabilities.maxOutput().orElse(USUAL_MAX_TOKENS));
        json.writeNumberField("max_tokens", limit);
        number(json, "temperature", sampling.temperature());
        number(json, "top_p", sampling.topP());
        number(json, "frequency_penalty", sampling.frequencyPenalty());
        number(json, "presence_penalty", sampling.presencePenalty());
        if (sampling.seed().isPresent()) {
            json.writeNumberField("seed", sampling.seed().getAsLong());
        }
        if (sampling.choices().orElse(1) > 1) {
            json.writeNumberField("n", sampling.choices().getAsInt());
        }
        if (!sampling.stop().isEmpty()) {
            json.writeArrayFieldStart("stop");
            for (String text : sampling.stop()) {
                json.writeString(text);
            }
            json.writeEndArray();
        }
        if (sampling.topK().isPresent()) {
            warnings.add("top_k: dropped, not supported by the Completions API");
        }
        if (sampling.logprobs().orElse(false)) {
            warnings.add("logprobs: dropped, the Completions API has a different format");
        }
    }

    private static void number(JsonGenerator json, String name, Optional<BigDecimal> value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.get());
        }
    }
}
