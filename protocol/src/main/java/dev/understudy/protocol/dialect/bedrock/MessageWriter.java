package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelTraits;
import dev.understudy.protocol.dialect.ModelTraits.Vendor;
import dev.understudy.protocol.dialect.TargetLimits;
import dev.understudy.protocol.dialect.ToolArguments;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes the blocks of turns.
 *
 * <p>Bedrock refuses blank texts, turns without content, documents without a text beside them, and cache points with
 * nothing before them.
 */
final class MessageWriter {
    /** The limit of Claude models. */
    static final int MOST_CACHE_POINTS = 4;

    private static final ToolCallIds.Rule CALL_IDS = new ToolCallIds.Rule(TargetLimits.PLAIN_NAME, "call_", 32);
    private static final ToolCallIds.Rule MISTRAL_CALL_IDS =
            new ToolCallIds.Rule(Pattern.compile("[a-zA-Z0-9]{9}"), "", 9);

    private final ModelTraits traits;
    private final MediaWriter media;
    private final ToolCallIds.Rule ids;
    private final Set<String> warnings;
    private int cachePoints;

    /** @param cachePoints how many the request has already, in its tools */
    MessageWriter(ModelCapabilities capabilities, Set<String> warnings, int cachePoints) {
        this.cachePoints = cachePoints;
        this.traits = capabilities.traits();
        this.media = new MediaWriter(capabilities);
        this.ids = traits.vendor() == Vendor.MISTRAL ? MISTRAL_CALL_IDS : CALL_IDS;
        this.warnings = warnings;
    }

    List<JsonOut.Content> instructions(List<Part> parts) throws UntranslatableRequest {
        List<JsonOut.Content> blocks = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                text(text.text(), blocks);
            } else if (part instanceof Part.CachePoint point) {
                cachePoint(point, blocks);
            } else if (!(part instanceof Part.Reasoning)) {
                throw new UntranslatableRequest("messages", "Bedrock accepts only text as instructions");
            }
        }
        return blocks;
    }

    /** @param last whether it is the last turn, which a model may continue */
    List<JsonOut.Content> blocks(Turn turn, boolean last) throws UntranslatableRequest {
        List<JsonOut.Content> blocks = new ArrayList<>();
        if (!turn.name().isEmpty()) {
            warnings.add("name: dropped, not supported by Bedrock");
        }
        for (Part part : turn.parts()) {
            write(part, turn.role() == Turn.Role.ASSISTANT, blocks);
        }
        if (turn.role() == Turn.Role.ASSISTANT && last) {
            trimEnd(turn, blocks);
        }
        boolean lonelyDocument = turn.parts().stream().anyMatch(MessageWriter::isDocument)
                && turn.parts().stream().noneMatch(MessageWriter::isWords);
        if (lonelyDocument) {
            text("(See the document.)", blocks);
        } else if (blocks.isEmpty()) {
            text("(nothing)", blocks);
            warnings.add(
                    "messages: an empty message was replaced with a placeholder; Bedrock does not accept empty messages");
        }
        return blocks;
    }

    private static boolean isDocument(Part part) {
        return part instanceof Part.Media its && its.kind() == Part.Media.Kind.DOCUMENT;
    }

    private static boolean isWords(Part part) {
        return part instanceof Part.Text text && !text.text().isBlank();
    }

    private void write(Part part, boolean assistant, List<JsonOut.Content> blocks) throws UntranslatableRequest {
        switch (part) {
            case Part.Text text -> words(text, blocks);
            case Part.Refusal refusal -> text(refusal.text(), blocks);
            case Part.Media its -> blocks.add(media.block(its));
            case Part.ToolCall call -> blocks.add(toolUse(call));
            case Part.ToolResult result -> {
                blocks.add(toolResult(result));
                // Bedrock has no cache point inside a result.
                for (Part inside : result.content()) {
                    if (inside instanceof Part.CachePoint point) {
                        cachePoint(point, blocks);
                        break;
                    }
                }
            }
            case Part.Reasoning reasoning -> blocks.add(json -> AnswerWriter.BlockWriter.reasoning(json, reasoning));
            case Part.CachePoint point -> cachePoint(point, blocks);
            case Part.Foreign foreign -> {
                if (foreign.dialect().equals(BedrockDialect.NAME)) {
                    blocks.add(json -> json.writeRawValue(foreign.json()));
                } else if (assistant) {
                    warnings.add("messages: " + foreign.kind() + " of an answer dropped, not supported by Bedrock");
                } else {
                    throw new UntranslatableRequest("messages", "Bedrock does not support " + foreign.kind());
                }
            }
        }
    }

    private void words(Part.Text text, List<JsonOut.Content> blocks) {
        boolean own = !text.citations().isEmpty()
                && text.citations().stream()
                        .allMatch(citation -> citation.dialect().equals(BedrockDialect.NAME));
        if (own && !text.text().isBlank()) {
            blocks.add(json -> AnswerWriter.BlockWriter.text(json, text));
        } else {
            text(text.text(), blocks);
        }
    }

    private static void text(String text, List<JsonOut.Content> blocks) {
        if (!text.isBlank()) {
            blocks.add(json -> AnswerWriter.BlockWriter.text(json, Part.Text.of(text)));
        }
    }

    /** A text that is to be continued must not end with white space. */
    private static void trimEnd(Turn turn, List<JsonOut.Content> blocks) {
        if (!blocks.isEmpty()
                && turn.parts().getLast() instanceof Part.Text text
                && !text.text().isBlank()) {
            blocks.removeLast();
            text(text.text().stripTrailing(), blocks);
        }
    }

    private JsonOut.Content toolUse(Part.ToolCall call) {
        ToolArguments input = ToolArguments.of(call.arguments());
        if (input.malformed()) {
            warnings.add("messages: arguments of tool " + call.name()
                    + " are not a JSON object; they were wrapped in one as text");
        }
        String id = ids.fit(call.id());
        String name = nameOf(call.name());
        return json -> AnswerWriter.BlockWriter.toolUse(json, id, name, input.json());
    }

    /** A tool called earlier may have a name that Bedrock refuses; offered tools must not. */
    static String nameOf(String name) {
        if (TargetLimits.PLAIN_NAME.matcher(name).matches()) {
            return name;
        }
        // The readable beginning, and a hash that tells it from other names with the same beginning.
        String readable = ToolCallIds.plain(name);
        return readable.substring(0, Math.min(47, readable.length())) + "_" + ToolCallIds.hash(name, 16);
    }

    private JsonOut.Content toolResult(Part.ToolResult result) throws UntranslatableRequest {
        List<JsonOut.Content> content = new ArrayList<>();
        for (Part part : result.content()) {
            if (!(part instanceof Part.CachePoint)) {
                write(part, false, content);
            }
        }
        if (content.isEmpty()) {
            text("(no output)", content);
        }
        boolean saysFailed = result.failed() && traits.has(ModelTraits.Flag.TOOL_STATUS);
        String id = ids.fit(result.id());
        return json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("toolResult");
            json.writeStringField("toolUseId", id);
            json.writeArrayFieldStart("content");
            for (JsonOut.Content block : content) {
                block.writeTo(json);
            }
            json.writeEndArray();
            if (saysFailed) {
                json.writeStringField("status", "error");
            }
            json.writeEndObject();
            json.writeEndObject();
        };
    }

    private void cachePoint(Part.CachePoint point, List<JsonOut.Content> blocks) {
        if (!traits.has(ModelTraits.Flag.CACHES_PROMPTS) || blocks.isEmpty() || cachePoints == MOST_CACHE_POINTS) {
            return;
        }
        cachePoints++;
        blocks.add(json -> cachePoint(json, point, traits));
    }

    static void cachePoint(JsonGenerator json, Part.CachePoint point, ModelTraits traits) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("cachePoint");
        json.writeStringField("type", "default");
        if (traits.vendor() == Vendor.ANTHROPIC && point.ttl().equals("1h")) {
            json.writeStringField("ttl", "1h");
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Writes media: as bytes or as a location in Amazon S3, never as a URL. */
    static final class MediaWriter {
        private static final String S3 = "s3://";
        private static final int LONGEST_NAME = 200;
        private static final Pattern REFUSED_IN_NAMES = Pattern.compile("[^\\p{Alnum}\\s()\\[\\]-]");
        private static final Pattern BLANKS = Pattern.compile("\\s+");

        private final ModelCapabilities capabilities;
        private final Set<String> documents = new HashSet<>();

        MediaWriter(ModelCapabilities capabilities) {
            this.capabilities = capabilities;
        }

        JsonOut.Content block(Part.Media media) throws UntranslatableRequest {
            Part.Media.Kind kind = media.kind();
            String word = kind.name().toLowerCase(Locale.ROOT);
            if (can(kind) == ModelCapabilities.Can.NO) {
                throw new UntranslatableRequest("messages", "the model does not accept " + word);
            }
            String mediaType = mediaType(kind, media.source());
            Optional<String> format = MediaFormats.format(kind, mediaType);
            if (format.isEmpty() && (kind != Part.Media.Kind.DOCUMENT || !mediaType.startsWith("text/"))) {
                throw new UntranslatableRequest(
                        "messages", "Bedrock does not support " + word + " of type " + mediaType);
            }
            JsonOut.Content source = source(media.source(), word);
            String name = kind == Part.Media.Kind.DOCUMENT ? name(media.name()) : "";
            return json -> {
                json.writeStartObject();
                json.writeObjectFieldStart(word);
                json.writeStringField("format", format.orElse("txt"));
                if (!name.isEmpty()) {
                    json.writeStringField("name", name);
                }
                json.writeObjectFieldStart("source");
                source.writeTo(json);
                json.writeEndObject();
                json.writeEndObject();
                json.writeEndObject();
            };
        }

        private ModelCapabilities.Can can(Part.Media.Kind kind) {
            return switch (kind) {
                case IMAGE -> capabilities.images();
                case DOCUMENT -> capabilities.documents();
                case AUDIO -> capabilities.audio();
                case VIDEO -> ModelCapabilities.Can.UNKNOWN;
            };
        }

        private static JsonOut.Content source(Part.Source source, String word) throws UntranslatableRequest {
            return switch (source) {
                case Part.Source.Inline inline -> json -> json.writeStringField("bytes", inline.base64());
                case Part.Source.Stored stored
                when stored.dialect().equals(BedrockDialect.NAME) -> json -> s3(json, stored.id());
                case Part.Source.Url url when url.url().startsWith(S3) -> json -> s3(json, url.url());
                case Part.Source.Stored stored ->
                    throw new UntranslatableRequest(
                            "messages",
                            "an uploaded " + word + " that was uploaded to another vendor is not available to Bedrock");
                case Part.Source.Url url ->
                    throw new UntranslatableRequest(
                            "messages", "Bedrock accepts " + word + " as inline data only, not by URL");
            };
        }

        private static void s3(JsonGenerator json, String uri) throws IOException {
            json.writeObjectFieldStart("s3Location");
            json.writeStringField("uri", uri);
            json.writeEndObject();
        }

        private static String mediaType(Part.Media.Kind kind, Part.Source source) {
            return switch (source) {
                case Part.Source.Inline inline -> inline.mediaType();
                case Part.Source.Stored stored -> stored.mediaType();
                case Part.Source.Url url -> ofExtension(kind, url.url());
            };
        }

        private static String ofExtension(Part.Media.Kind kind, String url) {
            String extension = url.substring(url.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            return MediaFormats.mediaType(kind, extension.equals("jpg") ? "jpeg" : extension);
        }

        /** A name of characters that Bedrock accepts, unique within the request. */
        private String name(String given) {
            String plain = REFUSED_IN_NAMES.matcher(given).replaceAll("-");
            plain = BLANKS.matcher(plain).replaceAll(" ").strip();
            plain = plain.isEmpty() ? "document" : plain.substring(0, Math.min(LONGEST_NAME - 10, plain.length()));
            String name = plain;
            for (int i = 2; !documents.add(name); i++) {
                name = plain + "-" + i;
            }
            return name;
        }
    }
}
