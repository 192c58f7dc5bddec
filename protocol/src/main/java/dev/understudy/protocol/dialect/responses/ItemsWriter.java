package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Writes turns as input items. The first instructions become {@code instructions} if they are texts only; later ones
 * become messages of the developer.
 */
final class ItemsWriter {
    /** OpenAI refuses longer ids. */
    private static final ToolCallIds.Rule TOOL_CALL_IDS =
            new ToolCallIds.Rule(Pattern.compile(".{1,64}", Pattern.DOTALL), "call_", 32);

    private final List<String> warnings;
    private final ContentWriter contents;
    private final ToolCallIds ids = new ToolCallIds(TOOL_CALL_IDS);
    private final List<String> items = new ArrayList<>();
    private final List<Part.Foreign> kept = new ArrayList<>();
    private final List<String> message = new ArrayList<>();

    private ItemsWriter(ModelCapabilities capabilities, List<String> warnings) {
        this.warnings = warnings;
        this.contents = new ContentWriter(capabilities);
    }

    /**
     * Writes them.
     *
     * @param instruction to be added to the instructions; empty for none
     */
    static Input write(List<Turn> turns, String instruction, ModelCapabilities capabilities, List<String> warnings)
            throws UntranslatableRequest {
        ItemsWriter writer = new ItemsWriter(capabilities, warnings);
        String instructions = instructions(turns);
        for (Turn turn : turns.subList(instructions.isEmpty() ? 0 : 1, turns.size())) {
            writer.turn(turn);
        }
        if (capabilities.prefill() != Can.YES && endsOpen(turns)) {
            warnings.add(
                    "messages: end with an assistant message; the model starts a new answer and does not continue it");
        }
        String all = instructions.isEmpty() || instruction.isEmpty()
                ? instructions + instruction
                : instructions + "\n\n" + instruction;
        return new Input(all, writer.items, writer.kept);
    }

    private static boolean endsOpen(List<Turn> turns) {
        return !turns.isEmpty()
                && turns.getLast().role() == Role.ASSISTANT
                && !turns.getLast().parts().isEmpty()
                && turns.getLast().parts().getLast() instanceof Part.Text;
    }

    private static String instructions(List<Turn> turns) {
        if (turns.isEmpty() || turns.getFirst().role() != Role.SYSTEM) {
            return "";
        }
        List<String> words = new ArrayList<>();
        for (Part part : turns.getFirst().parts()) {
            if (part instanceof Part.Text text) {
                words.add(text.text());
            } else if (!(part instanceof Part.CachePoint)) {
                return "";
            }
        }
        return String.join("\n\n", words);
    }

    private void turn(Turn turn) throws UntranslatableRequest {
        if (!turn.name().isEmpty()) {
            warnings.add("name: dropped, not supported by the Responses API");
        }
        for (Part part : turn.parts()) {
            switch (part) {
                case Part.Text text -> text(turn.role(), text);
                case Part.Refusal refusal -> refusal(turn.role(), refusal);
                case Part.Media media -> media(turn.role(), media);
                case Part.ToolCall call -> call(turn.role(), call);
                case Part.ToolResult result -> result(turn.role(), result);
                case Part.Reasoning reasoning -> reasoning(turn.role(), reasoning);
                case Part.Foreign foreign -> foreign(turn.role(), foreign);
                case Part.CachePoint point -> {
                    // OpenAI caches without being told.
                }
            }
        }
        flush(turn.role());
    }

    private void text(Role role, Part.Text text) {
        message.add(role == Role.ASSISTANT ? ContentWriter.said(text) : ContentWriter.text(text.text()));
    }

    private void refusal(Role role, Part.Refusal refusal) {
        message.add(
                role == Role.ASSISTANT ? ContentWriter.refusal(refusal.text()) : ContentWriter.text(refusal.text()));
    }

    private void media(Role role, Part.Media media) throws UntranslatableRequest {
        if (role == Role.ASSISTANT) {
            throw new UntranslatableRequest(
                    "messages", "the Responses API does not accept media in assistant messages");
        }
        message.add(contents.media(media));
    }

    private void call(Role role, Part.ToolCall call) {
        item(role, json -> {
            json.writeStringField("type", "function_call");
            json.writeStringField("call_id", ids.ofCall(call.id(), call.name()));
            json.writeStringField("name", call.name());
            json.writeStringField("arguments", call.arguments().isEmpty() ? "{}" : call.arguments());
        });
    }

    private void result(Role role, Part.ToolResult result) throws UntranslatableRequest {
        if (result.failed()) {
            warnings.add("is_error: dropped, not supported by the Responses API; the result's text must say it");
        }
        String output = contents.output(result.content());
        item(role, json -> {
            json.writeStringField("type", "function_call_output");
            json.writeStringField("call_id", ids.ofResult(result.id(), result.name()));
            json.writeFieldName("output");
            Output.RawJson.write(json, output);
        });
    }

    private void reasoning(Role role, Part.Reasoning reasoning) {
        if (!reasoning.origin().equals(ResponsesDialect.NAME)
                || reasoning.hidden().isEmpty()) {
            return;
        }
        item(role, json -> {
            json.writeStringField("type", "reasoning");
            if (!reasoning.signature().isEmpty()) {
                json.writeStringField("id", reasoning.signature());
            }
            json.writeArrayFieldStart("summary");
            if (!reasoning.text().isEmpty()) {
                json.writeStartObject();
                json.writeStringField("type", "summary_text");
                json.writeStringField("text", reasoning.text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeStringField("encrypted_content", reasoning.hidden());
        });
    }

    private void foreign(Role role, Part.Foreign foreign) throws UntranslatableRequest {
        if (foreign.dialect().equals(ResponsesDialect.NAME)) {
            if (RequestReader.STORED_AT_OPENAI.contains(foreign.kind())) {
                kept.add(foreign);
            } else {
                flush(role);
                items.add(foreign.json());
            }
        } else if (role == Role.ASSISTANT) {
            warnings.add(
                    "messages: " + foreign.kind() + " of the assistant dropped, not supported by the Responses API");
        } else {
            throw new UntranslatableRequest("messages", "the Responses API does not support " + foreign.kind());
        }
    }

    private void item(Role role, JsonOut.Content members) {
        flush(role);
        items.add(JsonOut.text(json -> {
            json.writeStartObject();
            members.writeTo(json);
            json.writeEndObject();
        }));
    }

    /** Writes the collected parts as a message. */
    private void flush(Role role) {
        if (message.isEmpty()) {
            return;
        }
        String content = "[" + String.join(",", message) + "]";
        message.clear();
        items.add(JsonOut.text(json -> message(json, role, content)));
    }

    private static void message(JsonGenerator json, Role role, String content) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "message");
        json.writeStringField(
                "role", role == Role.SYSTEM ? "developer" : role.name().toLowerCase(Locale.ROOT));
        json.writeFieldName("content");
        Output.RawJson.write(json, content);
        json.writeEndObject();
    }

    /** Writes the parts of a message's content, each as JSON. */
    static final class ContentWriter {
        private final ModelCapabilities capabilities;

        ContentWriter(ModelCapabilities capabilities) {
            this.capabilities = capabilities;
        }

        static String text(String text) {
            return "{\"type\":\"input_text\",\"text\":" + JsonOut.quote(text) + "}";
        }

        static String refusal(String text) {
            return "{\"type\":\"refusal\",\"refusal\":" + JsonOut.quote(text) + "}";
        }

        /** A text of the assistant; only OpenAI's own citations are sent back. */
        static String said(Part.Text text) {
            return JsonOut.text(json -> {
                json.writeStartObject();
                json.writeStringField("type", "output_text");
                json.writeStringField("text", text.text());
                json.writeArrayFieldStart("annotations");
                for (Part.Citation citation : text.citations()) {
                    if (citation.dialect().equals(ResponsesDialect.NAME)) {
                        Annotations.write(json, citation, text.text().length());
                    }
                }
                json.writeEndArray();
                json.writeEndObject();
            });
        }

        /** A function output: a single text as a string, anything else as a list. */
        String output(List<Part> content) throws UntranslatableRequest {
            if (content.isEmpty()) {
                return "\"\"";
            }
            if (content.size() == 1 && content.getFirst() instanceof Part.Text only) {
                return JsonOut.quote(only.text());
            }
            List<String> parts = new ArrayList<>();
            for (Part part : content) {
                switch (part) {
                    case Part.Text text -> parts.add(text(text.text()));
                    case Media media -> parts.add(media(media));
                    case Part.CachePoint point -> {
                        // Cache points change only the cost.
                    }
                    default ->
                        throw new UntranslatableRequest(
                                "messages", "the Responses API accepts only texts, images and files as tool results");
                }
            }
            return "[" + String.join(",", parts) + "]";
        }

        String media(Media media) throws UntranslatableRequest {
            return switch (media.kind()) {
                case IMAGE -> image(media);
                case DOCUMENT -> document(media);
                case AUDIO -> audio(media);
                case VIDEO -> throw new UntranslatableRequest("messages", "the Responses API does not accept videos");
            };
        }

        private String image(Media media) throws UntranslatableRequest {
            refuseIf(capabilities.images() == Can.NO, "the model does not support images");
            String source = switch (media.source()) {
                case Source.Url url -> member("image_url", url.url());
                case Source.Inline inline -> member("image_url", dataUrl(inline));
                case Source.Stored stored -> member("file_id", ownId(stored));
            };
            String detail = media.detail().isEmpty() ? "auto" : media.detail();
            return "{\"type\":\"input_image\"," + source + "," + member("detail", detail) + "}";
        }

        private String document(Media media) throws UntranslatableRequest {
            refuseIf(capabilities.documents() == Can.NO, "the model does not support documents");
            String source = switch (media.source()) {
                case Source.Url url -> member("file_url", url.url());
                case Source.Inline inline ->
                    member("filename", fileName(media, inline)) + "," + member("file_data", dataUrl(inline));
                case Source.Stored stored -> member("file_id", ownId(stored));
            };
            return "{\"type\":\"input_file\"," + source + "}";
        }

        /** The reference has audio, but OpenAI's models accept it only where the configuration says so. */
        private String audio(Media media) throws UntranslatableRequest {
            refuseIf(capabilities.audio() != Can.YES, "the model does not support audio input in the Responses API");
            if (media.source() instanceof Source.Inline inline) {
                String format = switch (inline.mediaType()) {
                    case "audio/mpeg", "audio/mp3" -> "mp3";
                    case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
                    default -> "";
                };
                refuseIf(format.isEmpty(), "the Responses API accepts only mp3 and wav audio");
                return "{\"type\":\"input_audio\",\"input_audio\":{" + member("data", inline.base64()) + ","
                        + member("format", format) + "}}";
            }
            throw new UntranslatableRequest("messages", "the Responses API accepts audio as inline data only");
        }

        private static void refuseIf(boolean impossible, String why) throws UntranslatableRequest {
            if (impossible) {
                throw new UntranslatableRequest("messages", why);
            }
        }

        private static String ownId(Source.Stored stored) throws UntranslatableRequest {
            refuseIf(
                    !stored.dialect().equals(ResponsesDialect.NAME),
                    "a file that was uploaded to another vendor is not available to OpenAI");
            return stored.id();
        }

        /** OpenAI refuses a file without a name. */
        private static String fileName(Media media, Source.Inline inline) {
            if (!media.name().isEmpty()) {
                return media.name();
            }
            return inline.mediaType().startsWith("text/") ? "document.txt" : "document.pdf";
        }

        private static String dataUrl(Source.Inline inline) {
            return "data:" + inline.mediaType() + ";base64," + inline.base64();
        }

        private static String member(String name, String value) {
            return "\"" + name + "\":" + JsonOut.quote(value);
        }
    }

    /**
     * The members of a request that the conversation becomes.
     *
     * @param instructions empty if there are none
     * @param items of the input, as JSON
     * @param kept members of the request that refer to objects stored at OpenAI
     */
    record Input(String instructions, List<String> items, List<Part.Foreign> kept) {
        Input {
            items = List.copyOf(items);
            kept = List.copyOf(kept);
        }
    }
}
