package dev.understudy.protocol.dialect.bedrock;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.UntranslatableRequest;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes what is to be seen, read or heard: bytes, or a place in Amazon's S3, never an address in the web. */
final class MediaWriter {
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
            throw new UntranslatableRequest("messages", "the model takes no " + word);
        }
        String mediaType = mediaType(kind, media.source());
        Optional<String> format = Dictionary.format(kind, mediaType);
        if (format.isEmpty() && (kind != Part.Media.Kind.DOCUMENT || !mediaType.startsWith("text/"))) {
            throw new UntranslatableRequest("messages", "Bedrock has no format for " + word + " of type " + mediaType);
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
                        "messages", "an uploaded " + word + " of another vendor is not there for Bedrock");
            case Part.Source.Url url ->
                throw new UntranslatableRequest("messages", "Bedrock takes the bytes of " + word + ", and no address");
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
        return Dictionary.mediaType(kind, extension.equals("jpg") ? "jpeg" : extension);
    }

    /** A name of the characters that Bedrock takes, and of which there is only one in a request. */
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
