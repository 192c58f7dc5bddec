package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Kind;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Stage;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.sse.SseText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Writes events, with their sequence numbers. */
final class EventWriter {
    private ByteArrayOutputStream to = new ByteArrayOutputStream(0);
    private long sequence;

    /** @param sequence the number of the last event; -1 before the first */
    EventWriter(long sequence) {
        this.sequence = sequence;
    }

    /** Sets the destination of the next events. */
    void to(ByteArrayOutputStream target) {
        to = target;
    }

    long sequence() {
        return sequence;
    }

    void response(String type, JsonOut.Content response) {
        event(type, json -> {
            json.writeFieldName("response");
            response.writeTo(json);
        });
    }

    void itemAdded(Output item) {
        item("response.output_item.added", item, "in_progress");
    }

    void itemDone(Output item, String status) {
        item("response.output_item.done", item, status);
    }

    private void item(String type, Output item, String status) {
        event(type, json -> {
            json.writeNumberField("output_index", item.index());
            json.writeFieldName("item");
            item.write(json, status);
        });
    }

    void partAdded(Output.Message message, Output.Content part) {
        part("response.content_part.added", message, part);
    }

    void text(Output.Message message, Output.Content part, String delta, String logprobs) {
        event("response.output_text.delta", json -> {
            place(json, message, part);
            json.writeStringField("delta", delta);
            json.writeFieldName("logprobs");
            Output.RawJson.write(json, "[" + logprobs + "]");
        });
    }

    void refusal(Output.Message message, Output.Content part, String delta) {
        event("response.refusal.delta", json -> {
            place(json, message, part);
            json.writeStringField("delta", delta);
        });
    }

    /** @param index the index of the annotation within the part */
    void cited(Output.Message message, Output.Content part, Part.Citation citation, int index) {
        event("response.output_text.annotation.added", json -> {
            place(json, message, part);
            json.writeNumberField("annotation_index", index);
            json.writeFieldName("annotation");
            Annotations.write(json, citation, part.text.length());
        });
    }

    /** The end of a part, which repeats it in two events. */
    void partDone(Output.Message message, Output.Content part) {
        if (part.textEnded) {
            part("response.content_part.done", message, part);
            return;
        }
        if (part.refusal) {
            event("response.refusal.done", json -> {
                place(json, message, part);
                json.writeStringField("refusal", part.text.toString());
            });
        } else {
            event("response.output_text.done", json -> {
                place(json, message, part);
                json.writeStringField("text", part.text.toString());
                part.logprobs(json);
            });
        }
        part("response.content_part.done", message, part);
    }

    private void part(String type, Output.Message message, Output.Content part) {
        event(type, json -> {
            place(json, message, part);
            json.writeFieldName("part");
            part.write(json);
        });
    }

    private static void place(JsonGenerator json, Output.Message message, Output.Content part) throws IOException {
        place(json, message);
        json.writeNumberField("content_index", part.index);
    }

    private static void place(JsonGenerator json, Output item) throws IOException {
        json.writeStringField("item_id", item.id());
        json.writeNumberField("output_index", item.index());
    }

    void arguments(Output.Call call, String delta) {
        if (call.tool().kind() != PortableTools.Kind.FUNCTION) {
            return;
        }
        event("response.function_call_arguments.delta", json -> {
            place(json, call);
            json.writeStringField("delta", delta);
        });
    }

    /**
     * The arguments of a function. The input of a custom tool is known when they are complete, and what a search is called
     * with is told by its item alone.
     */
    void argumentsDone(Output.Call call) {
        switch (call.tool().kind()) {
            case FUNCTION ->
                event("response.function_call_arguments.done", json -> {
                    place(json, call);
                    json.writeStringField("name", call.tool().name());
                    json.writeStringField("arguments", call.arguments().toString());
                });
            case CUSTOM -> {
                event("response.custom_tool_call_input.delta", json -> {
                    place(json, call);
                    json.writeStringField("delta", call.input());
                });
                event("response.custom_tool_call_input.done", json -> {
                    place(json, call);
                    json.writeStringField("input", call.input());
                });
            }
            case SEARCH -> {}
        }
    }

    void summaryAdded(Output.Reasoning reasoning) {
        summary("response.reasoning_summary_part.added", reasoning);
    }

    void summary(Output.Reasoning reasoning, String delta) {
        event("response.reasoning_summary_text.delta", json -> {
            summaryPlace(json, reasoning);
            json.writeStringField("delta", delta);
        });
    }

    void summaryDone(Output.Reasoning reasoning) {
        event("response.reasoning_summary_text.done", json -> {
            summaryPlace(json, reasoning);
            json.writeStringField("text", reasoning.text().toString());
        });
        summary("response.reasoning_summary_part.done", reasoning);
    }

    /** The end of reasoning of an attempt that failed: of its open part, and of the item, as incomplete. */
    void brokenDone(Output.BrokenReasoning broken) {
        if (!broken.parts().isEmpty()) {
            OpenParts.ItemPart last = broken.parts().getLast();
            boolean summary = last.kind() == Kind.SUMMARY_TEXT;
            int index = broken.of(last.kind()).size() - 1;
            if (last.stage() == Stage.OPEN) {
                event(summary ? "response.reasoning_summary_text.done" : "response.reasoning_text.done", json -> {
                    brokenPlace(json, broken, summary, index);
                    json.writeStringField("text", last.text().toString());
                });
            }
            if (last.stage() != Stage.ENDED && last.announced()) {
                event(summary ? "response.reasoning_summary_part.done" : "response.content_part.done", json -> {
                    brokenPlace(json, broken, summary, index);
                    json.writeFieldName("part");
                    Output.BrokenReasoning.writePart(json, last);
                });
            }
        }
        itemDone(broken, "incomplete");
    }

    private static void brokenPlace(JsonGenerator json, Output item, boolean summary, int index) throws IOException {
        place(json, item);
        json.writeNumberField(summary ? "summary_index" : "content_index", index);
    }

    private void summary(String type, Output.Reasoning reasoning) {
        event(type, json -> {
            summaryPlace(json, reasoning);
            json.writeFieldName("part");
            reasoning.writePart(json);
        });
    }

    private static void summaryPlace(JsonGenerator json, Output.Reasoning reasoning) throws IOException {
        place(json, reasoning);
        json.writeNumberField("summary_index", 0);
    }

    private void event(String type, JsonOut.Content rest) {
        sequence++;
        SseText.append(to, type, json -> {
            json.writeStartObject();
            json.writeStringField("type", type);
            json.writeNumberField("sequence_number", sequence);
            rest.writeTo(json);
            json.writeEndObject();
        });
    }
}
