package dev.understudy.protocol.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ClaudeSignatures;
import dev.understudy.protocol.dialect.ToolArguments;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.Turn;
import dev.understudy.protocol.neutral.Turn.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes the blocks of a request. {@link MediaCheck} has refused parts that Anthropic does not accept. */
final class MessageWriter {
    /** Anthropic refuses a request with more. */
    static final int MOST_CACHE_POINTS = 4;

    private static final ToolCallIds.Rule TOOL_CALL_IDS =
            new ToolCallIds.Rule(Pattern.compile("[a-zA-Z0-9_-]+"), "toolu_", 32);

    private final JsonGenerator json;
    private int cachePoints;

    /** @param cachePoints how many the request has already, in its tools */
    MessageWriter(JsonGenerator json, int cachePoints) {
        this.json = json;
        this.cachePoints = cachePoints;
    }

    void turn(Turn turn) throws IOException {
        json.writeStartObject();
        json.writeStringField("role", turn.role() == Turn.Role.ASSISTANT ? "assistant" : "user");
        json.writeFieldName("content");
        blocks(turn.parts());
        json.writeEndObject();
    }

    /** Writes a list of blocks, each with the cache point that follows it. */
    void blocks(List<Part> parts) throws IOException {
        json.writeStartArray();
        for (int i = 0; i < parts.size(); i++) {
            Optional<Part.CachePoint> point = i + 1 < parts.size() && parts.get(i + 1) instanceof Part.CachePoint next
                    ? Optional.of(next)
                    : Optional.empty();
            block(parts.get(i), point);
        }
        json.writeEndArray();
    }

    private void block(Part part, Optional<Part.CachePoint> point) throws IOException {
        switch (part) {
            case Part.Text text -> {
                json.writeStartObject();
                AnswerWriter.BlockWriter.textMembers(json, text);
                end(point);
            }
            case Part.Refusal refusal -> block(Part.Text.of(refusal.text()), point);
            case Part.Reasoning reasoning -> AnswerWriter.BlockWriter.reasoning(json, reasoning);
            case Part.Foreign foreign -> json.writeRawValue(foreign.json());
            case Part.Media media -> {
                media(media);
                end(point);
            }
            case Part.ToolCall call -> {
                json.writeStartObject();
                json.writeStringField("type", "tool_use");
                json.writeStringField("id", TOOL_CALL_IDS.fit(call.id()));
                json.writeStringField("name", call.name());
                json.writeFieldName("input");
                json.writeRawValue(ToolArguments.of(call.arguments()).json());
                end(point);
            }
            case Part.ToolResult result -> {
                result(result);
                end(point);
            }
            case Part.CachePoint alone -> {
                // Written with the block before it.
            }
        }
    }

    private void result(Part.ToolResult result) throws IOException {
        List<Part> content = result.content().stream()
                .filter(part -> !(part instanceof Part.Text text && text.text().isBlank()))
                .toList();
        json.writeStartObject();
        json.writeStringField("type", "tool_result");
        json.writeStringField("tool_use_id", TOOL_CALL_IDS.fit(result.id()));
        if (!content.isEmpty()) {
            json.writeFieldName("content");
            blocks(content);
        }
        if (result.failed()) {
            json.writeBooleanField("is_error", true);
        }
    }

    private void media(Part.Media media) throws IOException {
        boolean image = media.kind() == Part.Media.Kind.IMAGE;
        json.writeStartObject();
        json.writeStringField("type", image ? "image" : "document");
        json.writeObjectFieldStart("source");
        switch (media.source()) {
            case Source.Url url -> {
                json.writeStringField("type", "url");
                json.writeStringField("url", url.url());
            }
            case Source.Stored stored -> {
                json.writeStringField("type", "file");
                json.writeStringField("file_id", stored.id());
            }
            case Source.Inline inline -> inline(inline, image);
        }
        json.writeEndObject();
        if (!image && !media.name().isEmpty()) {
            json.writeStringField("title", media.name());
        }
    }

    private void inline(Source.Inline inline, boolean image) throws IOException {
        boolean text = !image && inline.mediaType().startsWith("text/");
        json.writeStringField("type", text ? "text" : "base64");
        json.writeStringField(
                "media_type", text ? "text/plain" : inline.mediaType().toLowerCase(Locale.ROOT));
        json.writeStringField("data", text ? decoded(inline.base64()) : inline.base64());
    }

    static String decoded(String base64) {
        return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private void end(Optional<Part.CachePoint> point) throws IOException {
        if (point.isPresent() && cachePoints < MOST_CACHE_POINTS) {
            cachePoints++;
            cacheControl(json, point.get());
        }
        json.writeEndObject();
    }

    static void cacheControl(JsonGenerator json, Part.CachePoint point) throws IOException {
        json.writeObjectFieldStart("cache_control");
        json.writeStringField("type", "ephemeral");
        if (point.ttl().equals("5m") || point.ttl().equals("1h")) {
            json.writeStringField("ttl", point.ttl());
        }
        json.writeEndObject();
    }

    /**
     * Removes the parts that Anthropic refuses or ignores: blank texts, reasoning of other vendors, and reasoning
     * without a signature.
     */
    static final class UnsupportedPartFilter {
        private final Set<String> warnings = new LinkedHashSet<>();

        /** The turns without those parts; a turn may be left empty. */
        List<Turn> turns(List<Turn> turns) {
            List<Turn> kept = new ArrayList<>();
            for (Turn turn : turns) {
                if (!turn.name().isEmpty()) {
                    warnings.add("messages.name: dropped, not supported by Anthropic");
                }
                List<Part> parts = new ArrayList<>();
                for (Part part : ClaudeSignatures.accepted(AnthropicDialect.NAME, turn.parts())) {
                    if (isSupported(part, turn.role()) && !(part instanceof Part.CachePoint && parts.isEmpty())) {
                        parts.add(part);
                    }
                }
                kept.add(Turn.of(turn.role(), parts));
            }
            return kept;
        }

        /** The removed parts that the model could miss. */
        Set<String> warnings() {
            return warnings;
        }

        private boolean isSupported(Part part, Role role) {
            return switch (part) {
                case Part.Text text -> !text.text().isBlank();
                case Part.Refusal refusal -> !refusal.text().isBlank();
                case Part.Reasoning reasoning -> true;
                case Part.Foreign foreign -> isOwn(foreign);
                case Part.Media media -> {
                    if (role != Role.USER) {
                        warnings.add(
                                "messages: media outside of user messages were dropped, not supported by Anthropic");
                    }
                    yield role == Role.USER;
                }
                case Part.ToolCall call -> true;
                case Part.ToolResult result -> true;
                case Part.CachePoint point -> true;
            };
        }

        private boolean isOwn(Part.Foreign foreign) {
            boolean own = foreign.dialect().equals(AnthropicDialect.NAME);
            if (!own) {
                warnings.add("messages: " + foreign.kind() + " of " + foreign.dialect() + " was dropped");
            }
            return own;
        }
    }

    /** Refuses media that Anthropic does not accept, before anything is written. */
    static final class MediaCheck {
        private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

        private MediaCheck() {}

        static void check(List<Turn> turns) throws UntranslatableRequest {
            for (Turn turn : turns) {
                check("messages", turn.parts());
            }
        }

        private static void check(String field, List<Part> parts) throws UntranslatableRequest {
            for (Part part : parts) {
                switch (part) {
                    case Part.Media media -> check(field, media);
                    case Part.ToolResult result -> check(field, result.content());
                    default -> {
                        // Not media.
                    }
                }
            }
        }

        private static void check(String field, Part.Media media) throws UntranslatableRequest {
            switch (media.kind()) {
                case AUDIO, VIDEO ->
                    throw new UntranslatableRequest(
                            field,
                            "Anthropic does not accept " + media.kind().name().toLowerCase(Locale.ROOT) + ".");
                case IMAGE, DOCUMENT -> {}
            }
            boolean image = media.kind() == Part.Media.Kind.IMAGE;
            switch (media.source()) {
                case Source.Url url -> {}
                case Source.Stored stored -> {
                    if (!stored.dialect().equals(AnthropicDialect.NAME)) {
                        throw new UntranslatableRequest(
                                field,
                                "A file that was uploaded to " + stored.dialect() + " is not available to Anthropic.");
                    }
                }
                case Source.Inline inline -> {
                    String type = inline.mediaType().toLowerCase(Locale.ROOT);
                    if (image ? !IMAGES.contains(type) : !isDocument(type, inline)) {
                        throw new UntranslatableRequest(
                                field,
                                "Anthropic does not accept " + (image ? "images" : "documents") + " of this type: "
                                        + inline.mediaType());
                    }
                }
            }
        }

        private static boolean isDocument(String type, Source.Inline inline) {
            return type.equals("application/pdf") || (type.startsWith("text/") && isBase64(inline.base64()));
        }

        private static boolean isBase64(String text) {
            try {
                MessageWriter.decoded(text);
                return true;
            } catch (IllegalArgumentException broken) {
                return false;
            }
        }
    }
}
