package dev.understudy.protocol.json;

/** Writes strings as JSON. */
public final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /** The text in quotes, escaped where JSON wants it; a lone surrogate is escaped too, for it has no UTF-8. */
    public static String quote(String text) {
        StringBuilder json = new StringBuilder(text.length() + 2);
        appendQuoted(json, text);
        return json.toString();
    }

    /** JSON in which no half of a surrogate pair stands alone: such can only be inside strings, and become escapes. */
    static String withoutHalves(String json) {
        int i = 0;
        while (i < json.length() && !(Character.isSurrogate(json.charAt(i)) && isLoneSurrogate(json, i))) {
            i++;
        }
        if (i == json.length()) {
            return json;
        }
        StringBuilder whole = new StringBuilder(json.length() + 16).append(json, 0, i);
        for (; i < json.length(); i++) {
            if (isLoneSurrogate(json, i)) {
                appendEscaped(whole, json.charAt(i));
            } else {
                whole.append(json.charAt(i));
            }
        }
        return whole.toString();
    }

    static void appendQuoted(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < 0x20 || isLoneSurrogate(text, i)) {
                        appendEscaped(json, c);
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    private static boolean isLoneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static void appendEscaped(StringBuilder json, char c) {
        json.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[c >> 8 & 0xF])
                .append(HEX[c >> 4 & 0xF])
                .append(HEX[c & 0xF]);
    }
}
