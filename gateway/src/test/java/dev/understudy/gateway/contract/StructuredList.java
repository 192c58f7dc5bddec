package dev.understudy.gateway.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict reader of structured lists (RFC 9651, section 4.2.1) whose items are strings with parameters: as strict as the
 * strictest client, so that what it takes every client takes.
 */
final class StructuredList {

    /** @param parameters their bare values as written; strings without their quotes */
    record Item(String value, Map<String, String> parameters) {}

    private final String text;
    private int at;

    private StructuredList(String text) {
        this.text = text;
    }

    static List<Item> parse(String header) {
        return new StructuredList(header).list();
    }

    private List<Item> list() {
        List<Item> items = new ArrayList<>();
        skip(" ");
        while (at < text.length()) {
            items.add(new Item(string(), parameters()));
            skip(" \t");
            if (at == text.length()) {
                return items;
            }
            expect(',');
            skip(" \t");
            if (at == text.length()) {
                throw wrong("a comma at the end");
            }
        }
        return items;
    }

    private String string() {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '\\') {
                char escaped = next();
                if (escaped != '"' && escaped != '\\') {
                    throw wrong("an escape of " + escaped);
                }
                value.append(escaped);
            } else if (c == '"') {
                return value.toString();
            } else if (c < 0x20 || c >= 0x7f) {
                throw wrong("a character that no string may have: " + (int) c);
            } else {
                value.append(c);
            }
        }
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        while (at < text.length() && text.charAt(at) == ';') {
            at++;
            skip(" ");
            String key = key();
            String value = "true";
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                value = bare();
            }
            if (parameters.put(key, value) != null) {
                throw wrong("the parameter " + key + " twice");
            }
        }
        return parameters;
    }

    private String key() {
        int start = at;
        if (at == text.length() || !isLower(text.charAt(at)) && text.charAt(at) != '*') {
            throw wrong("no key");
        }
        while (at < text.length() && (isLower(text.charAt(at)) || "0123456789_-.*".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private String bare() {
        if (at == text.length()) {
            throw wrong("no value");
        }
        char first = text.charAt(at);
        if (first == '"') {
            return string();
        }
        int start = at;
        if (first == '-' || Character.isDigit(first)) {
            at++;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
            if (at - start > 15) {
                throw wrong("an integer of more than 15 digits");
            }
        } else if (isLower(first) || first >= 'A' && first <= 'Z' || first == '*') {
            while (at < text.length() && "!#$%&'*+-.^_`|~:/".indexOf(text.charAt(at)) >= 0
                    || at < text.length() && text.charAt(at) < 0x7f && Character.isLetterOrDigit(text.charAt(at))) {
                at++;
            }
        } else {
            throw wrong("no value");
        }
        return text.substring(start, at);
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private char next() {
        if (at == text.length()) {
            throw wrong("the end of a string");
        }
        return text.charAt(at++);
    }

    private void expect(char c) {
        if (at == text.length() || text.charAt(at) != c) {
            throw wrong("no " + c);
        }
        at++;
    }

    private void skip(String blanks) {
        while (at < text.length() && blanks.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private AssertionError wrong(String what) {
        return new AssertionError("no structured list, because of " + what + " at " + at + ": " + text);
    }
}
