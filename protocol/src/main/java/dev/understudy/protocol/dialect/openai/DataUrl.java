package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import java.util.Locale;

/** Media inside of an address: {@code data:image/png;base64,…}. */
final class DataUrl {
    private static final String BASE64 = ";base64";

    private DataUrl() {}

    /** Where an address leads: into itself, or elsewhere. */
    static Source source(String url) {
        int comma = url.indexOf(',');
        if (!url.regionMatches(true, 0, "data:", 0, 5) || comma < 0) {
            return new Source.Url(url);
        }
        String head = url.substring(5, comma);
        if (!head.toLowerCase(Locale.ROOT).endsWith(BASE64)) {
            return new Source.Url(url);
        }
        int semicolon = head.indexOf(';');
        return new Source.Inline(head.substring(0, semicolon), url.substring(comma + 1));
    }

    static String of(Source.Inline inline) {
        return "data:" + inline.mediaType() + BASE64 + "," + inline.base64();
    }

    /** What a media type stands for. */
    static Part.Media.Kind kind(String mediaType) {
        int slash = mediaType.indexOf('/');
        return switch (slash < 0 ? "" : mediaType.substring(0, slash).toLowerCase(Locale.ROOT)) {
            case "image" -> Part.Media.Kind.IMAGE;
            case "audio" -> Part.Media.Kind.AUDIO;
            case "video" -> Part.Media.Kind.VIDEO;
            default -> Part.Media.Kind.DOCUMENT;
        };
    }

    /** The media type by the first bytes; raw samples, as streams send them, have no telling ones. */
    static String audioType(String base64) {
        if (base64.startsWith("UklGR")) {
            return "audio/wav";
        } else if (base64.startsWith("T2dnU")) {
            return "audio/ogg";
        } else if (base64.startsWith("ZkxhQ")) {
            return "audio/flac";
        } else if (base64.startsWith("SUQz") || base64.startsWith("//")) {
            return "audio/mpeg";
        }
        return "audio/pcm";
    }

    /** The value of {@code input_audio.format}. */
    static String audioFormat(String mediaType) {
        String subtype = mediaType.substring(mediaType.indexOf('/') + 1).toLowerCase(Locale.ROOT);
        return switch (subtype) {
            case "mpeg", "mp3", "x-mp3" -> "mp3";
            case "wav", "x-wav", "wave", "vnd.wave" -> "wav";
            default -> subtype;
        };
    }
}
