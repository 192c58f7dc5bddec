package dev.understudy.protocol.dialect;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Breaks examples, mostly in ways that leave them JSON: a mutation that fails at the first brace tests nothing behind it.
 */
final class Mutation {
    /** Unexpected values. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.5",
            "1e999999999",
            "-1e-999999999",
            "1e-999999999",
            "9223372036854775808",
            "2147483648",
            "1" + "0".repeat(400),
            "\"\"",
            "\" \"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"$.a[999999999].b\"",
            "\"data:image/png;base64,!\"",
            "\"data:,\"",
            "\"{\"",
            "\"{\\\"a\\\":\"",
            "{}",
            "[]",
            "[[]]",
            "[null]",
            "[{}]",
            "{\"type\":\"text\",\"text\":1}",
            "{\"type\":\"\"}",
            "{\"a\":{\"b\":[1,\"x\"]}}",
            "[1,\"a\",null,{}]",
            "[".repeat(300) + "]".repeat(300),
            "{\"a\":".repeat(300) + "1" + "}".repeat(300),
            "\"" + "é".repeat(2_000) + "\"");

    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\n",
            "\r\n\r\n",
            "\"index\":-1,",
            "\"index\":2000000000,",
            "\"type\":\"tool_use\",",
            "\"text\":\"x\",",
            "\uFEFF",
            "[".repeat(20_000),
            "{\"a\":".repeat(20_000));

    private final Random random;
    private final List<String> donors;

    /** @param donors examples from which pieces are taken */
    Mutation(Random random, List<String> donors) {
        this.random = random;
        this.donors = donors;
    }

    /** Some text with one or two things wrong with it. */
    String of(String json) {
        StringBuilder text = new StringBuilder(json);
        for (int i = random.nextInt(2); i >= 0; i--) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> value(text, VALUES.get(random.nextInt(VALUES.size())));
                case 4, 5 -> value(text, valueOf(donors.get(random.nextInt(donors.size()))));
                case 6 -> member(text);
                case 7 -> text.insert(random.nextInt(text.length() + 1), PIECES.get(random.nextInt(PIECES.size())));
                case 8 -> cut(text);
                default -> name(text);
            }
        }
        return text.toString();
    }

    /** Some bytes with one to four wrong ones. */
    byte[] of(byte[] bytes) {
        byte[] broken = bytes.clone();
        for (int i = random.nextInt(4); i >= 0 && broken.length > 0; i--) {
            int at = random.nextInt(broken.length);
            switch (random.nextInt(3)) {
                case 0 -> broken[at] = (byte) random.nextInt(256);
                case 1 -> broken = Arrays.copyOf(broken, at);
                default -> System.arraycopy(bytes, 0, broken, at, Math.min(bytes.length, broken.length - at));
            }
        }
        return broken;
    }

    /** A value in place of another. */
    private void value(StringBuilder text, String value) {
        int from = text.indexOf(":", random.nextInt(text.length() + 1)) + 1;
        if (from > 0) {
            text.replace(from, endOfValue(text, from), value);
        }
    }

    /** A member again somewhere else. */
    private void member(StringBuilder text) {
        int name = text.indexOf("\"", random.nextInt(text.length() + 1));
        int colon = text.indexOf(":", Math.max(0, name));
        int into = text.indexOf("{", random.nextInt(text.length() + 1));
        if (name >= 0 && colon > name && into >= 0) {
            text.insert(into + 1, text.substring(name, endOfValue(text, colon + 1)) + ",");
        }
    }

    /** Another member's name. */
    private void name(StringBuilder text) {
        String donor = donors.get(random.nextInt(donors.size()));
        int end = donor.indexOf("\":", random.nextInt(donor.length() + 1));
        int at = text.indexOf("\":", random.nextInt(text.length() + 1));
        if (end > 0 && at > 0) {
            int start = donor.lastIndexOf('"', end - 1);
            int from = text.lastIndexOf("\"", at - 1);
            if (start >= 0 && from >= 0) {
                text.replace(from, at, donor.substring(start, end));
            }
        }
    }

    private void cut(StringBuilder text) {
        if (!text.isEmpty()) {
            int from = random.nextInt(text.length());
            text.delete(from, Math.min(text.length(), from + 1 + random.nextInt(random.nextInt(200) + 1)));
        }
    }

    private String valueOf(String donor) {
        int from = donor.indexOf(":", random.nextInt(donor.length() + 1)) + 1;
        return donor.substring(from, endOfValue(donor, from));
    }

    private static int endOfValue(CharSequence text, int from) {
        int depth = 0;
        boolean quoted = false;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quoted) {
                at += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                if (--depth < 0) {
                    return at;
                }
            } else if (c == ',' && depth == 0) {
                return at;
            }
        }
        return text.length();
    }
}
