package dev.understudy.protocol.dialect.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes a whole chat completion. */
final class AnswerWriter {

    private AnswerWriter() {}

    static byte[] write(NeutralAnswer answer, RequestContext context) {
        String id = MessageJson.id(answer.id(), context);
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("object", "chat.completion");
            json.writeNumberField("created", answer.created().orElse(context.now()));
            json.writeStringField("model", answer.model());
            json.writeArrayFieldStart("choices");
            CustomTools custom = CustomTools.of(context);
            for (NeutralAnswer.Choice choice : answer.choices()) {
                new ChoiceJson(json, id, choice, custom).write();
            }
            json.writeEndArray();
            MessageJson.usage(json, answer.tokens());
            String tier = tier(answer.serviceTier());
            if (!tier.isEmpty()) {
                json.writeStringField("service_tier", tier);
            }
            json.writeEndObject();
        });
    }

    /** The tier in OpenAI's own values, which typed clients refuse others than; empty for tiers that OpenAI lacks. */
    private static String tier(String vendors) {
        return switch (vendors) {
            case "auto", "default", "flex", "scale", "priority" -> vendors;
            // Anthropic's name for it.
            case "standard" -> "default";
            default -> "";
        };
    }

    private static final class ChoiceJson {
        private final JsonGenerator json;
        private final String answer;
        private final NeutralAnswer.Choice choice;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder refusal = new StringBuilder();
        private final List<Part.Reasoning> reasoning = new ArrayList<>();
        private final List<Part.Media> media = new ArrayList<>();
        private final List<Part> calls = new ArrayList<>();

        private final CustomTools custom;

        ChoiceJson(JsonGenerator json, String answer, NeutralAnswer.Choice choice, CustomTools custom) {
            this.custom = custom;
            this.json = json;
            this.answer = answer;
            this.choice = choice;
            choice.parts().forEach(this::sort);
        }

        private void sort(Part part) {
            switch (part) {
                case Part.Text some -> text.append(some.text());
                case Part.Refusal declined -> refusal.append(declined.text());
                case Part.Reasoning some -> reasoning.add(some);
                case Part.Media some -> media.add(some);
                case Part.ToolCall call -> calls.add(call);
                case Part.Foreign foreign -> {
                    if (foreign.dialect().equals(OpenAiDialect.NAME)
                            && foreign.kind().equals("custom")) {
                        calls.add(foreign);
                    }
                }
                case Part.ToolResult result -> {}
                case Part.CachePoint point -> {}
            }
        }

        void write() throws IOException {
            json.writeStartObject();
            json.writeNumberField("index", choice.index());
            json.writeObjectFieldStart("message");
            json.writeStringField("role", "assistant");
            boolean other = !refusal.isEmpty() || !media.isEmpty() || !calls.isEmpty();
            textOrNull("content", text, !text.isEmpty() || !other);
            textOrNull("refusal", refusal, !refusal.isEmpty());
            reasoning();
            annotations();
            media();
            calls();
            json.writeEndObject();
            json.writeFieldName("logprobs");
            json.writeRawValue(choice.logprobs().isEmpty() ? "null" : choice.logprobs());
            json.writeStringField(
                    "finish_reason", FinishReasons.of(choice.finish(), !calls.isEmpty(), !refusal.isEmpty()));
            json.writeEndObject();
        }

        private void textOrNull(String name, CharSequence value, boolean present) throws IOException {
            if (present) {
                json.writeStringField(name, value.toString());
            } else {
                json.writeNullField(name);
            }
        }

        private void reasoning() throws IOException {
            StringBuilder plain = new StringBuilder();
            reasoning.forEach(some -> plain.append(some.text()));
            if (!plain.isEmpty()) {
                json.writeStringField("reasoning_content", plain.toString());
            }
            if (reasoning.stream().anyMatch(AnswerWriter::isSealed)) {
                json.writeArrayFieldStart("thinking_blocks");
                for (Part.Reasoning some : reasoning) {
                    MessageJson.thinkingBlock(json, some);
                }
                json.writeEndArray();
            }
        }

        /** Offsets count from the beginning of the whole text. */
        private void annotations() throws IOException {
            boolean begun = false;
            int start = 0;
            for (Part part : choice.parts()) {
                if (!(part instanceof Part.Text some)) {
                    continue;
                }
                int end = start + some.text().length();
                for (Part.Citation citation : some.citations()) {
                    if (Annotations.isPage(citation)) {
                        if (!begun) {
                            json.writeArrayFieldStart("annotations");
                            begun = true;
                        }
                        int from = citation.from() < 0 ? start : start + citation.from();
                        int to = citation.to() < 0 ? end : start + citation.to();
                        Annotations.write(json, citation, from, to);
                    }
                }
                start = end;
            }
            if (begun) {
                json.writeEndArray();
            }
        }

        private void media() throws IOException {
            List<Part.Media> images =
                    media.stream().filter(MessageJson::isShown).toList();
            if (!images.isEmpty()) {
                json.writeArrayFieldStart("images");
                for (Part.Media image : images) {
                    MessageJson.image(json, image);
                }
                json.writeEndArray();
            }
            for (Part.Media some : media) {
                if (some.kind() == Part.Media.Kind.AUDIO && some.source() instanceof Part.Source.Inline inline) {
                    json.writeObjectFieldStart("audio");
                    json.writeStringField("id", some.name().isEmpty() ? answer : some.name());
                    json.writeStringField("data", inline.base64());
                    // The text is in the content: whether it is what is spoken is not known.
                    json.writeStringField("transcript", "");
                    json.writeNumberField("expires_at", 0);
                    json.writeEndObject();
                    return;
                }
            }
        }

        private void calls() throws IOException {
            if (calls.isEmpty()) {
                return;
            }
            json.writeArrayFieldStart("tool_calls");
            int number = 0;
            for (Part part : calls) {
                if (part instanceof Part.ToolCall call && custom.has(call.name())) {
                    String id = MessageJson.callId(call.id(), answer, choice.index(), number);
                    json.writeRawValue(
                            CustomTools.call(id, call.name(), call.arguments()).toString());
                } else if (part instanceof Part.ToolCall call) {
                    json.writeStartObject();
                    json.writeStringField("id", MessageJson.callId(call.id(), answer, choice.index(), number));
                    json.writeStringField("type", "function");
                    json.writeObjectFieldStart("function");
                    json.writeStringField("name", call.name());
                    json.writeStringField("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
                    json.writeEndObject();
                    MessageJson.signature(json, call.signature());
                    json.writeEndObject();
                } else if (part instanceof Part.Foreign own) {
                    json.writeRawValue(own.json());
                }
                number++;
            }
            json.writeEndArray();
        }
    }

    /** Reasoning without a signature is written in {@code reasoning_content} only. */
    static boolean isSealed(Part.Reasoning some) {
        return !some.signature().isEmpty() || !some.hidden().isEmpty();
    }
}
