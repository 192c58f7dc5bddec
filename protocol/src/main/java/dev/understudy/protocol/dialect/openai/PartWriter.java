package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes what a user says as parts of a message's content. */
final class PartWriter {
    private static final String MARKED = "{\"cache_control\"";

    private final CacheMarks marks;
    private static final Set<String> VENDORS = Set.of(OpenAiDialect.NAME, "responses");

    private final ModelFamily family;
    private final ModelCapabilities capabilities;
    private final List<String> warnings;

    PartWriter(ModelFamily family, ModelCapabilities capabilities, CacheMarks marks, List<String> warnings) {
        this.marks = marks;
        this.family = family;
        this.capabilities = capabilities;
        this.warnings = warnings;
    }

    /** The text alone, a line for each part. */
    static String text(List<Part> parts) {
        List<String> texts = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                texts.add(text.text());
            } else if (part instanceof Part.Refusal refusal && !refusal.text().isEmpty()) {
                texts.add(refusal.text());
            }
        }
        return String.join("\n", texts);
    }

    List<String> content(List<Part> parts) throws UntranslatableRequest {
        List<String> written = new ArrayList<>();
        Part before = Part.Text.of("");
        for (Part part : parts) {
            switch (part) {
                case Part.Text text -> {
                    if (!text.text().isEmpty()) {
                        written.add(textPart(text.text(), Optional.empty()));
                    }
                }
                case Part.Refusal refusal -> written.add(textPart(refusal.text(), Optional.empty()));
                case Media media -> written.add(media(media));
                case Part.Foreign foreign -> {
                    if (foreign.dialect().equals(OpenAiDialect.NAME)) {
                        written.add(foreign.json());
                    } else {
                        warnings.add("messages: a " + foreign.kind() + " of " + foreign.dialect() + " was dropped");
                    }
                }
                case Part.CachePoint point -> {
                    if (before instanceof Part.Text text && !text.text().isEmpty()) {
                        marks.next(point)
                                .ifPresent(mark ->
                                        written.set(written.size() - 1, textPart(text.text(), Optional.of(mark))));
                    }
                }
                case Part.Reasoning thinking -> {}
                case Part.ToolCall call -> {}
                case Part.ToolResult result -> {}
            }
            before = part;
        }
        return written;
    }

    /** Whether any of the parts has a cache mark, for which they have to be a list. */
    static boolean isMarked(List<String> content) {
        return content.stream().anyMatch(part -> part.startsWith(MARKED));
    }

    /** A mark comes first, where no text can look like one. */
    private static String textPart(String text, Optional<Part.CachePoint> mark) {
        return JsonOut.text(json -> {
            json.writeStartObject();
            if (mark.isPresent()) {
                CacheMarks.write(json, mark.get());
            }
            json.writeStringField("type", "text");
            json.writeStringField("text", text);
            json.writeEndObject();
        });
    }

    private String media(Media media) throws UntranslatableRequest {
        return switch (media.kind()) {
            case IMAGE -> {
                refuse("image_url", "images", capabilities.images());
                yield address("image_url", addressOf(media.source(), "image_url"), media.detail());
            }
            case VIDEO -> {
                refuse("video_url", "videos", family.isOpenAi() ? Can.NO : Can.UNKNOWN);
                yield address("video_url", addressOf(media.source(), "video_url"), "");
            }
            case AUDIO -> {
                refuse("input_audio", "recordings", capabilities.audio());
                yield audio(media.source());
            }
            case DOCUMENT -> document(media);
        };
    }

    private static void refuse(String field, String what, Can can) throws UntranslatableRequest {
        if (can == Can.NO) {
            throw new UntranslatableRequest(field, "The model does not accept " + what + ".");
        }
    }

    private static String addressOf(Source source, String field) throws UntranslatableRequest {
        return switch (source) {
            case Source.Url url -> url.url();
            case Source.Inline inline -> DataUrl.of(inline);
            case Source.Stored stored ->
                throw new UntranslatableRequest(field, "Chat Completions does not accept an uploaded file there.");
        };
    }

    private static String address(String type, String url, String detail) {
        return JsonOut.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", type);
            json.writeObjectFieldStart(type);
            json.writeStringField("url", url);
            if (!detail.isEmpty()) {
                json.writeStringField("detail", detail);
            }
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private String audio(Source source) throws UntranslatableRequest {
        if (!(source instanceof Source.Inline inline)) {
            throw new UntranslatableRequest("input_audio", "Chat Completions accepts audio as inline data only.");
        }
        String format = DataUrl.audioFormat(inline.mediaType());
        if (family.isOpenAi() && !format.equals("wav") && !format.equals("mp3")) {
            throw new UntranslatableRequest(
                    "input_audio", "OpenAI accepts only wav and mp3 audio, not " + format + ".");
        }
        return JsonOut.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", "input_audio");
            json.writeObjectFieldStart("input_audio");
            json.writeStringField("data", inline.base64());
            json.writeStringField("format", format);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    /** No provider takes plain text as a file: it is sent as text. */
    private String document(Media media) throws UntranslatableRequest {
        if (media.source() instanceof Source.Inline inline && inline.mediaType().startsWith("text/")) {
            try {
                byte[] bytes = Base64.getMimeDecoder().decode(inline.base64());
                return textPart(new String(bytes, StandardCharsets.UTF_8), Optional.empty());
            } catch (IllegalArgumentException notBase64) {
                throw new UntranslatableRequest("file", "The document cannot be read.");
            }
        }
        refuse("file", "documents", capabilities.documents());
        return switch (media.source()) {
            case Source.Url url ->
                throw new UntranslatableRequest("file", "Chat Completions accepts documents as inline data only.");
            case Source.Inline inline -> file("file_data", DataUrl.of(inline), media.name());
            case Source.Stored stored -> {
                if (!VENDORS.contains(stored.dialect())) {
                    throw new UntranslatableRequest("file", "The file was uploaded to another vendor.");
                }
                yield file("file_id", stored.id(), "");
            }
        };
    }

    private static String file(String member, String value, String name) {
        return JsonOut.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", "file");
            json.writeObjectFieldStart("file");
            if (member.equals("file_data")) {
                json.writeStringField("filename", name.isEmpty() ? "document.pdf" : name);
            }
            json.writeStringField(member, value);
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
