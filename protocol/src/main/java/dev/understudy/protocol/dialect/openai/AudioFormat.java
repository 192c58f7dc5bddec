package dev.understudy.protocol.dialect.openai;

import java.util.Locale;

/** What a recording is: answers do not say, and requests say it in a word. */
final class AudioFormat {

    private AudioFormat() {}

    /** The media type by the first bytes; raw samples, as streams send them, have no telling ones. */
    static String sniffed(String base64) {
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

    /** The word for {@code input_audio.format}. */
    static String word(String mediaType) {
        String subtype = mediaType.substring(mediaType.indexOf('/') + 1).toLowerCase(Locale.ROOT);
        return switch (subtype) {
            case "mpeg", "mp3", "x-mp3" -> "mp3";
            case "wav", "x-wav", "wave", "vnd.wave" -> "wav";
            default -> subtype;
        };
    }
}
