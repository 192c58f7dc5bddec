package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.JsonOut;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the labels for the access log: {@code name=value}, limited in length and number. */
final class Labels {
    private static final int MOST = 50;
    private static final int LONGEST = 256;

    private Labels() {}

    /** The members of an object. */
    static List<String> of(FieldValue object) throws BadRequest {
        List<String> labels = new ArrayList<>();
        for (Map.Entry<String, FieldValue> member : object.members().entrySet()) {
            labels.add(cut(member.getKey() + "=" + plain(member.getValue())));
        }
        return cut(labels);
    }

    /** The items of a list, or the parts of a text between its commas. */
    static List<String> ofList(FieldValue list) throws BadRequest {
        List<String> labels = new ArrayList<>();
        if (list.isText()) {
            return ofText(list.name());
        }
        for (FieldValue item : list.items()) {
            labels.add(cut(plain(item)));
        }
        return cut(labels);
    }

    static List<String> ofText(String text) {
        List<String> labels = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                labels.add(cut(part.strip()));
            }
        }
        return cut(labels);
    }

    /** A customer's name, which some send as a number. */
    static String customer(FieldValue value) throws BadRequest {
        if (!value.isText() && !value.value().isNumber()) {
            throw value.wrong("a string that names the customer");
        }
        return cut(value.value().asText().strip());
    }

    static String cut(String label) {
        return label.length() <= LONGEST ? label : label.substring(0, LONGEST);
    }

    private static List<String> cut(List<String> labels) {
        return labels.size() <= MOST ? labels : labels.subList(0, MOST);
    }

    private static String plain(FieldValue value) {
        return value.isText() ? value.value().textValue() : JsonOut.text(value.value());
    }
}
