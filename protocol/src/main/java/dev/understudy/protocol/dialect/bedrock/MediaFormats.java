package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.neutral.Part;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Maps media types to Bedrock's names of formats, and holds its names of service tiers.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html">ContentBlock</a>
 */
final class MediaFormats {
    static final Set<String> TIERS = Set.of("priority", "default", "flex", "reserved");

    private static final Set<String> IMAGES = Set.of("png", "jpeg", "gif", "webp");

    private static final Map<String, String> DOCUMENTS = Map.of(
            "application/pdf", "pdf",
            "text/csv", "csv",
            "application/msword", "doc",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
            "application/vnd.ms-excel", "xls",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
            "text/html", "html",
            "text/plain", "txt",
            "text/markdown", "md");

    private static final Map<String, String> VIDEOS = Map.of(
            "video/x-matroska", "mkv",
            "video/quicktime", "mov",
            "video/mp4", "mp4",
            "video/webm", "webm",
            "video/x-flv", "flv",
            "video/mpeg", "mpeg",
            "video/mpg", "mpg",
            "video/x-ms-wmv", "wmv",
            "video/3gpp", "three_gp");

    private static final Map<String, String> SOUNDS = Map.ofEntries(
            Map.entry("audio/mpeg", "mp3"),
            Map.entry("audio/mp3", "mp3"),
            Map.entry("audio/opus", "opus"),
            Map.entry("audio/wav", "wav"),
            Map.entry("audio/x-wav", "wav"),
            Map.entry("audio/aac", "aac"),
            Map.entry("audio/flac", "flac"),
            Map.entry("audio/mp4", "mp4"),
            Map.entry("audio/ogg", "ogg"),
            Map.entry("audio/x-matroska", "mka"),
            Map.entry("audio/m4a", "m4a"),
            Map.entry("audio/pcm", "pcm"),
            Map.entry("audio/l16", "pcm"),
            Map.entry("audio/webm", "webm"));

    private MediaFormats() {}

    /** Bedrock's format for a media type; empty if it has none. */
    static Optional<String> format(Part.Media.Kind kind, String mediaType) {
        String type = mediaType.toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        type = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
        return switch (kind) {
            case IMAGE -> {
                String format = type.equals("image/jpg") ? "jpeg" : type.replaceFirst("^image/", "");
                yield IMAGES.contains(format) ? Optional.of(format) : Optional.empty();
            }
            case DOCUMENT -> Optional.ofNullable(DOCUMENTS.get(type));
            case AUDIO -> Optional.ofNullable(SOUNDS.get(type));
            case VIDEO -> Optional.ofNullable(VIDEOS.get(type));
        };
    }

    /** The media type of a format. */
    static String mediaType(Part.Media.Kind kind, String format) {
        return switch (kind) {
            case IMAGE -> "image/" + format;
            case DOCUMENT -> typeOf(DOCUMENTS, format, "application/pdf");
            case AUDIO -> format.equals("mp3") ? "audio/mpeg" : "audio/" + format;
            case VIDEO -> typeOf(VIDEOS, format, "video/" + format);
        };
    }

    private static String typeOf(Map<String, String> formats, String format, String otherwise) {
        return formats.entrySet().stream()
                .filter(entry -> entry.getValue().equals(format))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(otherwise);
    }
}
