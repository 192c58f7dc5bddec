package dev.understudy.protocol.multipart;

import dev.understudy.protocol.json.BadRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form with files ({@code multipart/form-data}, RFC 7578), which carries recordings and images. Its fields can be
 * read, replaced and removed; every other byte stays unchanged.
 *
 * <p>The body's array is kept, not copied: do not change it afterwards.
 */
public final class MultipartForm {
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^;\\s\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[;\\s]name=(?:\"([^\"]*)\"|([^;\\s\"]+))");
    private static final Pattern FILE = Pattern.compile("[;\\s]filename\\*?=", Pattern.CASE_INSENSITIVE);
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    /** Forms have a handful of fields; more are treated as an attack. */
    private static final int MOST_PARTS = 1_000;

    /** A field's text is a name, a number, a prompt. */
    private static final int LONGEST_FIELD = 1024 * 1024;

    private final byte[] body;
    private final List<Field> fields;

    /**
     * One part of the form.
     *
     * @param name of the field; empty if it has none
     * @param file whether it is a file
     * @param start of its delimiter
     * @param contentStart of its content
     * @param contentEnd after its content, where the line break before the next delimiter begins
     * @param end where the next delimiter begins; a part without content has no line break of its own before it
     */
    private record Field(String name, boolean file, int start, int contentStart, int contentEnd, int end) {
        boolean lacksLineBreak() {
            return contentEnd == end;
        }
    }

    private MultipartForm(byte[] body, List<Field> fields) {
        this.body = body;
        this.fields = List.copyOf(fields);
    }

    /** Whether a content type is that of such a form. */
    public static boolean is(String contentType) {
        return contentType.regionMatches(true, 0, "multipart/form-data", 0, 19);
    }

    /**
     * Reads a form.
     *
     * @param contentType with its boundary
     * @throws BadRequest if it is broken
     */
    public static MultipartForm read(String contentType, byte[] body) throws BadRequest {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw broken("its Content-Type names no boundary");
        }
        String text = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
        return new MultipartForm(body, fields(body, ("--" + text).getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Field> fields(byte[] body, byte[] delimiter) throws BadRequest {
        List<Field> fields = new ArrayList<>();
        int start = indexOf(body, delimiter, 0);
        if (start < 0) {
            throw broken("the boundary of its Content-Type is not in it");
        }
        while (!endsHere(body, start + delimiter.length)) {
            int head = afterLine(body, start + delimiter.length);
            int headEnd = indexOf(body, END_OF_HEAD, head - 2);
            int next = headEnd < 0 ? -1 : nextDelimiter(body, delimiter, headEnd + 2);
            if (next < 0) {
                throw broken("it ends inside a part");
            }
            if (fields.size() == MOST_PARTS) {
                throw broken("it has more than " + MOST_PARTS + " parts");
            }
            fields.add(field(body, start, head, headEnd, next));
            start = next;
        }
        return fields;
    }

    private static Field field(byte[] body, int start, int head, int headEnd, int end) {
        String headers = " " + new String(body, head, Math.max(0, headEnd - head), StandardCharsets.UTF_8);
        Matcher name = NAME.matcher(headers);
        boolean named = name.find();
        String text = !named ? "" : name.group(1) == null ? name.group(2) : name.group(1);
        return new Field(
                text,
                FILE.matcher(headers).find(),
                start,
                headEnd + END_OF_HEAD.length,
                Math.max(headEnd + END_OF_HEAD.length, end - 2),
                end);
    }

    private static int nextDelimiter(byte[] body, byte[] delimiter, int from) {
        for (int at = indexOf(body, delimiter, from); at >= 0; at = indexOf(body, delimiter, at + 1)) {
            if (at >= 2 && body[at - 2] == '\r' && body[at - 1] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static boolean endsHere(byte[] body, int at) throws BadRequest {
        if (at + 2 > body.length) {
            throw broken("it ends inside a delimiter");
        }
        return body[at] == '-' && body[at + 1] == '-';
    }

    private static int afterLine(byte[] body, int from) throws BadRequest {
        for (int i = from; i + 1 < body.length; i++) {
            if (body[i] == '\r' && body[i + 1] == '\n') {
                return i + 2;
            }
        }
        throw broken("it ends inside a delimiter");
    }

    private static int indexOf(byte[] body, byte[] what, int from) {
        for (int i = Math.max(0, from); i <= body.length - what.length; i++) {
            int k = 0;
            while (k < what.length && body[i + k] == what[k]) {
                k++;
            }
            if (k == what.length) {
                return i;
            }
        }
        return -1;
    }

    private static BadRequest broken(String why) {
        return BadRequest.notJson("The request's form cannot be read: " + why + ".");
    }

    /** The names of the fields that are no files, in order. */
    public List<String> names() {
        return fields.stream().filter(field -> !field.file()).map(Field::name).toList();
    }

    /** A field's text; empty if there is none of that name, or it is a file. */
    public Optional<String> text(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name)
                        && !field.file()
                        && field.contentEnd() - field.contentStart() <= LONGEST_FIELD)
                .findFirst()
                .map(field -> new String(
                        body, field.contentStart(), field.contentEnd() - field.contentStart(), StandardCharsets.UTF_8));
    }

    /**
     * The form with other texts in some fields, and without others.
     *
     * @param replaced texts by name; what is not in the form is not added
     * @param without names of fields to leave out
     */
    public byte[] with(Map<String, String> replaced, List<String> without) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 64);
        int read = 0;
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String text = replaced.get(field.name());
            if (!field.file() && without.contains(field.name())) {
                out.write(body, read, field.start() - read);
                read = field.end();
            } else if (!field.file() && text != null) {
                out.write(body, read, field.contentStart() - read);
                out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                if (field.lacksLineBreak()) {
                    out.write(END_OF_HEAD, 0, 2);
                }
                read = field.contentEnd();
            }
        }
        out.write(body, read, body.length - read);
        return out.toByteArray();
    }
}
