package dev.understudy.protocol.json;

import java.util.List;
import java.util.random.RandomGenerator;

/** Writes JSON objects as oddly as the grammar allows: white space, escapes, characters of every length, odd numbers. */
final class RandomObject {
    private static final List<String> SPACES = List.of("", "", " ", "\n", "\t", "\r\n", "   ", " \n\t ");
    private static final List<String> PIECES = List.of(
            "a",
            "model",
            "\\\"",
            "\\\\",
            "\\\\\\\"",
            "\\u00e9",
            "\\ud83d\\ude00",
            "\\ud800",
            "é",
            "ß",
            "漢字",
            "😀",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\\n",
            "/",
            "\\/",
            "\u007f",
            "\u2028");
    private static final List<String> NAMES = List.of(
            "", "n", "model", "\\\"", "\\u00e9", "\\ud83d\\ude00", "漢字", "😀", "}", "a very long name for a member");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "1.10",
            "1e2",
            "1E+2",
            "-1.5e-7",
            "12345678901234567890123456789",
            "0.1000000000000000000000000001",
            "1e999999999");

    private final RandomGenerator random;
    private final StringBuilder json = new StringBuilder();

    RandomObject(RandomGenerator random) {
        this.random = random;
    }

    /** An object with members {@code m0}, {@code m1}, … whose values are anything. */
    String write() {
        space();
        json.append('{');
        int members = random.nextInt(7);
        for (int i = 0; i < members; i++) {
            space();
            json.append("\"m").append(i).append('"');
            space();
            json.append(':');
            space();
            value(0);
            space();
            if (i < members - 1) {
                json.append(',');
            }
        }
        space();
        json.append('}');
        space();
        return json.toString();
    }

    private void value(int depth) {
        switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0, 1 -> string();
            case 2 -> json.append(pick(NUMBERS));
            case 3 -> json.append(pick(List.of("true", "false", "null")));
            case 4 -> json.append(pick(List.of("[]", "{}", "[ ]", "{\n}", "\"\"")));
            case 5 -> {
                json.append('[');
                value(depth + 1);
                space();
                json.append(',');
                space();
                value(depth + 1);
                json.append(']');
            }
            default -> {
                // In names the parser wants whole surrogate pairs.
                json.append("{\"").append(pick(NAMES)).append('"');
                space();
                json.append(':');
                value(depth + 1);
                space();
                json.append('}');
            }
        }
    }

    private void string() {
        json.append('"');
        for (int i = random.nextInt(6); i > 0; i--) {
            json.append(pick(PIECES));
        }
        json.append('"');
    }

    private void space() {
        json.append(pick(SPACES));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
