package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.JsonText;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media;
import dev.understudy.protocol.neutral.Part.Source;
import java.util.ArrayList;
import java.util.List;

/** Writes the parts of a message's content, each as JSON. */
final class ContentWriter {
    private final ModelCapabilities capabilities;

    ContentWriter(ModelCapabilities capabilities) {
        this.capabilities = capabilities;
    }

    static String text(String text) {
        return "{\"type\":\"input_text\",\"text\":" + JsonText.quote(text) + "}";
    }

    static String refusal(String text) {
        return "{\"type\":\"refusal\",\"refusal\":" + JsonText.quote(text) + "}";
    }

    /** Words of the assistant's; where they come from is told to the vendor only who found it. */
    static String said(Part.Text text) {
        return JsonOut.text(json -> {
            json.writeStartObject();
            json.writeStringField("type", "output_text");
            json.writeStringField("text", text.text());
            json.writeArrayFieldStart("annotations");
            for (Part.Citation citation : text.citations()) {
                if (citation.dialect().equals(ResponsesDialect.NAME)) {
                    Citations.write(json, citation, text.text().length());
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /** What a function answered: words as they are, and everything else as a list. */
    String output(List<Part> content) throws UntranslatableRequest {
        if (content.isEmpty()) {
            return "\"\"";
        }
        if (content.size() == 1 && content.getFirst() instanceof Part.Text only) {
            return JsonText.quote(only.text());
        }
        List<String> parts = new ArrayList<>();
        for (Part part : content) {
            switch (part) {
                case Part.Text text -> parts.add(text(text.text()));
                case Media media -> parts.add(media(media));
                case Part.CachePoint point -> {
                    // It changes the cost only.
                }
                default ->
                    throw new UntranslatableRequest(
                            "messages", "Responses takes only texts, images and files as a tool's result");
            }
        }
        return "[" + String.join(",", parts) + "]";
    }

    String media(Media media) throws UntranslatableRequest {
        return switch (media.kind()) {
            case IMAGE -> image(media);
            case DOCUMENT -> document(media);
            case AUDIO -> audio(media);
            case VIDEO -> throw new UntranslatableRequest("messages", "Responses takes no videos");
        };
    }

    private String image(Media media) throws UntranslatableRequest {
        refuseIf(capabilities.images() == Can.NO, "the model does not see images");
        String source = switch (media.source()) {
            case Source.Url url -> member("image_url", url.url());
            case Source.Inline inline -> member("image_url", dataUrl(inline));
            case Source.Stored stored -> member("file_id", ownId(stored));
        };
        String detail = media.detail().isEmpty() ? "auto" : media.detail();
        return "{\"type\":\"input_image\"," + source + "," + member("detail", detail) + "}";
    }

    private String document(Media media) throws UntranslatableRequest {
        refuseIf(capabilities.documents() == Can.NO, "the model does not read documents");
        String source = switch (media.source()) {
            case Source.Url url -> member("file_url", url.url());
            case Source.Inline inline ->
                member("filename", fileName(media, inline)) + "," + member("file_data", dataUrl(inline));
            case Source.Stored stored -> member("file_id", ownId(stored));
        };
        return "{\"type\":\"input_file\"," + source + "}";
    }

    /** The reference has such a part, but OpenAI's models take it only where it is known that they do. */
    private String audio(Media media) throws UntranslatableRequest {
        refuseIf(capabilities.audio() != Can.YES, "the model does not hear by way of Responses");
        if (media.source() instanceof Source.Inline inline) {
            String format = switch (inline.mediaType()) {
                case "audio/mpeg", "audio/mp3" -> "mp3";
                case "audio/wav", "audio/x-wav", "audio/wave" -> "wav";
                default -> "";
            };
            refuseIf(format.isEmpty(), "Responses hears mp3 and wav only");
            return "{\"type\":\"input_audio\",\"input_audio\":{" + member("data", inline.base64()) + ","
                    + member("format", format) + "}}";
        }
        throw new UntranslatableRequest("messages", "Responses takes a recording only in the request");
    }

    private static void refuseIf(boolean impossible, String why) throws UntranslatableRequest {
        if (impossible) {
            throw new UntranslatableRequest("messages", why);
        }
    }

    private static String ownId(Source.Stored stored) throws UntranslatableRequest {
        refuseIf(
                !stored.dialect().equals(ResponsesDialect.NAME),
                "a file that was uploaded to another vendor is not at OpenAI");
        return stored.id();
    }

    /** A file without a name is refused. */
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
        return "\"" + name + "\":" + JsonText.quote(value);
    }
}
