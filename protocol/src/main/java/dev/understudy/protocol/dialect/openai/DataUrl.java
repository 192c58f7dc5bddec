package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.Part;
import java.util.Locale;

/** Media inside a URL (RFC 2397): {@code data:image/png;base64,…}. */
final class DataUrl {
    private static final String BASE64 = ";base64";

    private DataUrl() {}

    /** Where a text says that media are: behind a URL, or in it, or bare base64 of the usual type. */
    static Part.Source source(String text, String usualType) {
        if (!text.regionMatches(true, 0, "data:", 0, 5)) {
            boolean url = text.regionMatches(true, 0, "http", 0, 4) || text.contains("://");
            return url ? new Part.Source.Url(text) : new Part.Source.Inline(usualType, text);
        }
        int comma = text.indexOf(',');
        String head = comma < 0 ? "" : text.substring(5, comma);
        int base64 = head.toLowerCase(Locale.ROOT).indexOf(BASE64);
        if (base64 < 0) {
            return new Part.Source.Url(text);
        }
        int parameters = head.indexOf(';');
        String type = head.substring(0, Math.min(parameters, base64));
        return new Part.Source.Inline(type.isEmpty() ? usualType : type, text.substring(comma + 1));
    }

    static String of(Part.Source.Inline inline) {
        return "data:" + inline.mediaType() + BASE64 + "," + inline.base64();
    }
}
