package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.dialect.ClaudeSchema;
import dev.understudy.protocol.dialect.ClaudeSignatures;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ModelTraits.Vendor;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.dialect.WrittenRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Conversation;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import dev.understudy.protocol.neutral.Sampling;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes the body of a request, which is the same for Converse and ConverseStream. */
final class RequestWriter {
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9\\s:_@$#=/+,.-]{1,256}");
    private static final Pattern LABEL_VALUE = Pattern.compile("[a-zA-Z0-9\\s:_@$#=/+,.-]{0,256}");
    private static final int MOST_LABELS = 16;

    private final NeutralRequest request;
    private final Vendor vendor;
    private final ModelCapabilities capabilities;

    /** Each warning is given once. */
    private final Set<String> warnings = new LinkedHashSet<>();

    RequestWriter(NeutralRequest request, ModelCapabilities capabilities) {
        this.request = request;
        this.vendor = capabilities.traits().vendor();
        this.capabilities = capabilities;
    }

    /**
     * Only signed reasoning is sent back, and only to Claude, which signed it. Where the name does not tell whose the model is, only what
     * came from Bedrock.
     */
    private List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (Turn turn : request.turns()) {
            List<Part> parts = new ArrayList<>(ClaudeSignatures.accepted(BedrockDialect.NAME, turn.parts()));
            parts.removeIf(part -> part instanceof Part.Reasoning reasoning
                    && switch (vendor) {
                        case ANTHROPIC -> false;
                        case OTHER -> !reasoning.origin().equals(BedrockDialect.NAME);
                        case AMAZON, DEEPSEEK, GOOGLE, MISTRAL, OPENAI -> true;
                    });
            turns.add(new Turn(turn.role(), parts, turn.name()));
        }
        return turns;
    }

    WrittenRequest written() throws UntranslatableRequest {
        Conversation conversation = Conversation.of(turns());
        warnings.addAll(conversation.warnings());
        ToolsWriter tools = ToolsWriter.of(request.tools(), conversation.turns(), capabilities, warnings);
        MessageWriter turnWriter = new MessageWriter(capabilities, warnings, tools.cachePoints());
        ReasoningPlan reasoning =
                ReasoningPlan.of(request, conversation.turns(), tools.forced(), vendor, capabilities, warnings);
        SamplingPlan sampling = SamplingPlan.of(request.sampling(), capabilities, reasoning, warnings);
        List<JsonOut.Content> system = turnWriter.instructions(instructions(conversation, tools));
        List<Message> messages = messages(conversation.turns(), turnWriter);
        warnOfTheRest();
        byte[] body = JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("messages");
            for (Message message : messages) {
                message.write(json);
            }
            json.writeEndArray();
            blocks(json, "system", system);
            sampling.write(json);
            tools.write(json);
            output(json);
            modelFields(json, reasoning, sampling);
            labels(json);
            serviceTier(json);
            for (NeutralRequest.Other other : request.others()) {
                if (isOwn(other) && !other.name().startsWith(RequestReader.ModelFields.PREFIX)) {
                    json.writeFieldName(other.name());
                    json.writeRawValue(other.json());
                }
            }
            json.writeEndObject();
        });
        return new WrittenRequest(body, List.copyOf(warnings));
    }

    private record Message(Turn.Role role, List<JsonOut.Content> content) {
        void write(JsonGenerator json) throws IOException {
            json.writeStartObject();
            json.writeStringField("role", role == Turn.Role.ASSISTANT ? "assistant" : "user");
            blocks(json, "content", content);
            json.writeEndObject();
        }
    }

    private static void blocks(JsonGenerator json, String name, List<JsonOut.Content> blocks) throws IOException {
        if (blocks.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(name);
        for (JsonOut.Content block : blocks) {
            block.writeTo(json);
        }
        json.writeEndArray();
    }

    private List<Message> messages(List<Turn> turns, MessageWriter writer) throws UntranslatableRequest {
        List<Turn> all = new ArrayList<>(turns);
        if (all.isEmpty() || all.stream().allMatch(RequestWriter::isBlank)) {
            throw new UntranslatableRequest("messages", "Bedrock requires at least one user message with content");
        }
        if (all.getLast().role() == Turn.Role.ASSISTANT && capabilities.prefill() == ModelCapabilities.Can.NO) {
            all.add(Turn.of(Turn.Role.USER, Part.Text.of("Continue exactly where you left off.")));
            warnings.add(
                    "messages: end with an assistant message, which the model does not support; a user message with a prompt to continue was added");
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Turn turn = all.get(i);
            messages.add(new Message(turn.role(), writer.blocks(turn, i == all.size() - 1)));
        }
        return messages;
    }

    /** Bedrock accepts no blank text, and a placeholder for all that was said would be another question. */
    private static boolean isBlank(Turn turn) {
        return turn.parts().stream()
                .allMatch(part -> part instanceof Part.CachePoint
                        || (part instanceof Part.Text text && text.text().isBlank()));
    }

    /** The caller's instructions, and settings that Bedrock has no member for. */
    private List<Part> instructions(Conversation conversation, ToolsWriter tools) {
        List<Part> parts = new ArrayList<>(conversation.instructions());
        switch (request.output()) {
            case ResponseFormat.Text text -> {
                // No format.
            }
            case ResponseFormat.Json json -> {
                parts.add(Part.Text.of("Respond with a single JSON object and nothing else."));
                warnings.add("response_format: moved to the instructions; Bedrock does not support JSON mode");
            }
            case ResponseFormat.Schema schema -> {
                if (enforced(schema).isEmpty()) {
                    parts.add(Part.Text.of(
                            "Respond with a single JSON object and nothing else. It must conform to this JSON schema: "
                                    + schema.schema()));
                    warnings.add("response_format: moved to the instructions; the model does not enforce schemas");
                }
            }
        }
        if (tools.forbidden()) {
            parts.add(Part.Text.of("Respond with text. Do not call any tool."));
        }
        return parts;
    }

    /** The schema as the model's vendor enforces it; empty if the instructions have to ask for it. */
    private Optional<JsonNode> enforced(ResponseFormat.Schema wanted) {
        if (capabilities.schema() == ModelCapabilities.Can.NO) {
            return Optional.empty();
        }
        if (vendor != Vendor.ANTHROPIC) {
            return Optional.of(wanted.schema());
        }
        Optional<ClaudeSchema.Fitted> fitted = ClaudeSchema.of(wanted.schema());
        if (fitted.isPresent() && fitted.get().loosened()) {
            warnings.add(
                    "response_format: constraints that Claude does not support were moved to the schema's descriptions");
        }
        return fitted.map(ClaudeSchema.Fitted::schema);
    }

    private void output(JsonGenerator json) throws IOException {
        Optional<JsonNode> enforced =
                request.output() instanceof ResponseFormat.Schema wanted ? enforced(wanted) : Optional.empty();
        if (enforced.isPresent() && request.output() instanceof ResponseFormat.Schema schema) {
            json.writeObjectFieldStart("outputConfig");
            json.writeObjectFieldStart("textFormat");
            json.writeStringField("type", "json_schema");
            json.writeObjectFieldStart("structure");
            json.writeObjectFieldStart("jsonSchema");
            json.writeStringField("schema", enforced.get().toString());
            if (!schema.name().isEmpty()) {
                json.writeStringField("name", MessageWriter.nameOf(schema.name()));
            }
            if (!schema.description().isEmpty()) {
                json.writeStringField("description", schema.description());
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
            json.writeEndObject();
        }
    }

    private void modelFields(JsonGenerator json, ReasoningPlan reasoning, SamplingPlan sampling) throws IOException {
        List<NeutralRequest.Other> others = request.others().stream()
                .filter(other -> isOwn(other) && other.name().startsWith(RequestReader.ModelFields.PREFIX))
                .toList();
        if (others.isEmpty() && reasoning.saysNothing() && sampling.topK().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("additionalModelRequestFields");
        reasoning.write(json);
        if (sampling.topK().isPresent()) {
            json.writeNumberField("top_k", sampling.topK().getAsLong());
        }
        for (NeutralRequest.Other other : others) {
            json.writeFieldName(other.name().substring(RequestReader.ModelFields.PREFIX.length()));
            json.writeRawValue(other.json());
        }
        json.writeEndObject();
    }

    private void labels(JsonGenerator json) throws IOException {
        List<Map.Entry<String, String>> labels = request.metadata().entrySet().stream()
                .filter(RequestWriter::isLabel)
                .sorted(Map.Entry.comparingByKey())
                .limit(MOST_LABELS)
                .toList();
        if (!labels.isEmpty()) {
            json.writeObjectFieldStart("requestMetadata");
            for (Map.Entry<String, String> label : labels) {
                json.writeStringField(label.getKey(), label.getValue());
            }
            json.writeEndObject();
        }
    }

    private static boolean isLabel(Map.Entry<String, String> label) {
        return LABEL.matcher(label.getKey()).matches()
                && LABEL_VALUE.matcher(label.getValue()).matches();
    }

    private void serviceTier(JsonGenerator json) throws IOException {
        if (MediaFormats.TIERS.contains(request.serviceTier())) {
            json.writeObjectFieldStart("serviceTier");
            json.writeStringField("type", request.serviceTier());
            json.writeEndObject();
        }
    }

    private static boolean isOwn(NeutralRequest.Other other) {
        return other.dialect().equals(BedrockDialect.NAME);
    }

    private void warnOfTheRest() {
        for (NeutralRequest.Other other : request.others()) {
            if (!isOwn(other)) {
                warnings.add(other.name() + ": dropped, not supported by Bedrock");
            }
        }
        if (!request.user().isEmpty()) {
            warnings.add("user: dropped, not supported by Bedrock");
        }
        String tier = request.serviceTier();
        if (!tier.isEmpty() && !tier.equals("auto") && !MediaFormats.TIERS.contains(tier)) {
            warnings.add("service_tier: dropped, Bedrock does not support " + tier);
        }
        long kept = request.metadata().entrySet().stream()
                .filter(RequestWriter::isLabel)
                .count();
        if (Math.min(kept, MOST_LABELS) < request.metadata().size()) {
            warnings.add("metadata: some entries were dropped; Bedrock accepts 16 short entries of plain characters");
        }
    }

    /**
     * The sampling parameters that Bedrock accepts.
     *
     * @param topK in Claude's own field; other models have no common one
     */
    record SamplingPlan(
            OptionalLong maxTokens,
            Optional<BigDecimal> temperature,
            Optional<BigDecimal> topP,
            OptionalLong topK,
            List<String> stop) {
        /** The lowest {@code top_p} that Claude accepts with reasoning. */
        private static final BigDecimal SMALLEST_TOP_P_OF_THINKERS = new BigDecimal("0.95");

        static SamplingPlan of(
                Sampling asked, ModelCapabilities capabilities, ReasoningPlan reasoning, Set<String> warnings)
                throws UntranslatableRequest {
            Vendor vendor = capabilities.traits().vendor();
            if (asked.choices().orElse(1) > 1) {
                throw new UntranslatableRequest("n", "Bedrock returns a single choice");
            }
            dropped(asked.frequencyPenalty().isPresent(), "frequency_penalty", warnings);
            dropped(asked.presencePenalty().isPresent(), "presence_penalty", warnings);
            dropped(asked.seed().isPresent(), "seed", warnings);
            dropped(asked.logprobs().orElse(false) || asked.topLogprobs().isPresent(), "logprobs", warnings);
            Optional<BigDecimal> temperature = within(asked.temperature(), "temperature", warnings);
            Optional<BigDecimal> topP = within(asked.topP(), "top_p", warnings);
            OptionalLong topK = asked.topK();
            if (topK.isPresent() && vendor != Vendor.ANTHROPIC) {
                warnings.add("top_k: dropped, not supported by Bedrock for this model");
                topK = OptionalLong.empty();
            }
            if (capabilities.traits().sampling() == ModelTraits.SamplingRule.NEVER) {
                refused(temperature.isPresent(), "temperature", warnings);
                refused(topP.isPresent(), "top_p", warnings);
                refused(topK.isPresent(), "top_k", warnings);
                temperature = Optional.empty();
                topP = Optional.empty();
                topK = OptionalLong.empty();
            }
            if (reasoning.fixesSampling()) {
                if (temperature.isPresent() && temperature.get().compareTo(BigDecimal.ONE) != 0) {
                    warnings.add("temperature: dropped, not supported by Claude with extended thinking");
                    temperature = Optional.empty();
                }
                if (topP.isPresent() && topP.get().compareTo(SMALLEST_TOP_P_OF_THINKERS) < 0) {
                    warnings.add(
                            "top_p: dropped, values below 0.95 are not supported by Claude with extended thinking");
                    topP = Optional.empty();
                }
                if (topK.isPresent()) {
                    warnings.add("top_k: dropped, not supported by Claude with extended thinking");
                    topK = OptionalLong.empty();
                }
            }
            if (vendor == Vendor.ANTHROPIC && temperature.isPresent() && topP.isPresent()) {
                // From Claude Opus 4.1 on, a request with both is refused. A temperature of 1 is the default.
                if (temperature.get().compareTo(BigDecimal.ONE) == 0
                        && asked.temperature().get().compareTo(BigDecimal.ONE) == 0) {
                    temperature = Optional.empty();
                } else {
                    warnings.add("top_p: dropped, Claude supports either temperature or top_p");
                    topP = Optional.empty();
                }
            }
            OptionalLong most = asked.maxTokens();
            OptionalInt limit = capabilities.maxOutput();
            if (most.isPresent() && limit.isPresent() && most.getAsLong() > limit.getAsInt()) {
                int highest = limit.getAsInt();
                warnings.add("max_tokens: " + most.getAsLong() + " became " + highest + ", the model's maximum");
                most = OptionalLong.of(highest);
            }
            if (most.isPresent() && most.getAsLong() < 1) {
                warnings.add("max_tokens: " + most.getAsLong() + " became 1, Bedrock's lowest");
                most = OptionalLong.of(1);
            }
            List<String> stop =
                    asked.stop().stream().filter(text -> !text.isEmpty()).toList();
            return new SamplingPlan(most, temperature, topP, topK, stop);
        }

        private static void refused(boolean wanted, String field, Set<String> warnings) {
            if (wanted) {
                warnings.add(field + ": dropped, not supported by this model");
            }
        }

        private static void dropped(boolean wanted, String field, Set<String> warnings) {
            if (wanted) {
                warnings.add(field + ": dropped, not supported by Bedrock");
            }
        }

        private static Optional<BigDecimal> within(Optional<BigDecimal> asked, String field, Set<String> warnings) {
            if (asked.isEmpty()) {
                return asked;
            }
            BigDecimal inside = asked.get().max(BigDecimal.ZERO).min(BigDecimal.ONE);
            if (inside.compareTo(asked.get()) == 0) {
                return asked;
            }
            warnings.add(field + ": " + asked.get() + " became " + inside + ", Bedrock's "
                    + (inside.signum() == 0 ? "lowest" : "highest"));
            return Optional.of(inside);
        }

        /** Writes the member {@code inferenceConfig} if it has any members. */
        void write(JsonGenerator json) throws IOException {
            if (maxTokens.isEmpty() && temperature.isEmpty() && topP.isEmpty() && stop.isEmpty()) {
                return;
            }
            json.writeObjectFieldStart("inferenceConfig");
            if (maxTokens.isPresent()) {
                json.writeNumberField("maxTokens", maxTokens.getAsLong());
            }
            if (temperature.isPresent()) {
                json.writeNumberField("temperature", temperature.get());
            }
            if (topP.isPresent()) {
                json.writeNumberField("topP", topP.get());
            }
            if (!stop.isEmpty()) {
                json.writeArrayFieldStart("stopSequences");
                for (String text : stop) {
                    json.writeString(text);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
    }
}
