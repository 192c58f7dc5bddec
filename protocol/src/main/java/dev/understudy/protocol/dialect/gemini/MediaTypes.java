package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Media.Kind;
import dev.understudy.protocol.neutral.Part.Source;
import java.util.Locale;
import java.util.Map;

/** Maps media types to kinds of media and URLs to media types. */
final class MediaTypes {
    private static final Map<String, String> BY_ENDING = Map.ofEntries(
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("gif", "image/gif"),
            Map.entry("heic", "image/heic"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("txt", "text/plain"),
            Map.entry("html", "text/html"),
            Map.entry("csv", "text/csv"),
            Map.entry("wav", "audio/wav"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("flac", "audio/flac"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("webm", "video/webm"),
            Map.entry("mov", "video/quicktime"));

    private MediaTypes() {}

    static Part.Media inline(String mimeType, String data) {
        return Part.Media.of(kind(mimeType), new Source.Inline(mimeType, usualAlphabet(data)));
    }

    /** A public URL, or a file in Google's own storage, which no other vendor can open. */
    static Part.Media file(String mimeType, String uri) {
        boolean isPublic = (uri.startsWith("https://") || uri.startsWith("http://"))
                && !uri.startsWith("https://generativelanguage.googleapis.com/");
        return Part.Media.of(
                kind(mimeType.isEmpty() ? ofUrl(uri, Kind.DOCUMENT) : mimeType),
                isPublic ? new Source.Url(uri) : new Source.Stored(GeminiDialect.NAME, uri, mimeType));
    }

    private static Kind kind(String mimeType) {
        String type = mimeType.toLowerCase(Locale.ROOT);
        if (type.startsWith("image/")) {
            return Kind.IMAGE;
        } else if (type.startsWith("audio/")) {
            return Kind.AUDIO;
        }
        return type.startsWith("video/") ? Kind.VIDEO : Kind.DOCUMENT;
    }

    /** By the URL's extension; without a known one, the most common type of its kind. */
    static String ofUrl(String url, Kind kind) {
        int end = url.length();
        for (int i = 0; i < url.length(); i++) {
            if (url.charAt(i) == '?' || url.charAt(i) == '#') {
                end = i;
                break;
            }
        }
        String path = url.substring(0, end);
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return BY_ENDING.getOrDefault(
                ending,
                switch (kind) {
                    case IMAGE -> "image/jpeg";
                    case DOCUMENT -> "application/pdf";
                    case AUDIO -> "audio/mpeg";
                    case VIDEO -> "video/mp4";
                });
    }

    /** Google's reader accepts the URL-safe alphabet and missing padding. */
    private static String usualAlphabet(String base64) {
        String usual = base64.replace('-', '+').replace('_', '/');
        int rest = usual.length() % 4;
        return rest < 2 || usual.endsWith("=") ? usual : usual + "=".repeat(4 - rest);
    }
}
