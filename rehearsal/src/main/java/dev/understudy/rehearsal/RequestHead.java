package dev.understudy.rehearsal;

import dev.understudy.rehearsal.HttpRequest.Header;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * The request line and the headers, and what they say about the body.
 *
 * @param contentLength bytes of the body; 0 if it has none or is chunked
 * @param isChunked the body comes in chunks
 */
record RequestHead(String method, String target, List<Header> headers, int contentLength, boolean isChunked) {

    /** Stands where no head was read yet. */
    static final RequestHead NONE = new RequestHead("", "", List.of(), 0, false);

    RequestHead {
        headers = List.copyOf(headers);
    }

    /** The index behind the empty line, if it has arrived. */
    static OptionalInt endOf(byte[] bytes, int start, int end) {
        for (int i = start; i + 3 < end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return OptionalInt.of(i + 4);
            }
        }
        return OptionalInt.empty();
    }

    static RequestHead parse(byte[] bytes, int start, int end) throws RequestRefused {
        String text = new String(bytes, start, end - start - 4, StandardCharsets.ISO_8859_1);
        List<String> lines = List.of(text.split("\r\n", -1));
        if (lines.stream().anyMatch(line -> line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0)) {
            throw new RequestRefused(400, "A line of the head ends with a lone CR or LF.");
        }
        String[] line = lines.getFirst().split(" ", -1);
        if (line.length != 3 || line[0].isEmpty() || !line[1].startsWith("/")) {
            throw new RequestRefused(400, "The request line is not 'METHOD /path HTTP/1.1'.");
        }
        if (!line[2].equals("HTTP/1.1")) {
            throw new RequestRefused(505, "Only HTTP/1.1 is supported here.");
        }
        List<Header> headers = new ArrayList<>();
        for (String header : lines.subList(1, lines.size())) {
            int colon = header.indexOf(':');
            // A blank before the colon, or a folded line, is how requests are smuggled (RFC 9112, section 5.1).
            if (colon < 1 || header.charAt(0) <= ' ' || header.charAt(colon - 1) <= ' ') {
                throw new RequestRefused(400, "A header line is not 'name: value'.");
            }
            headers.add(new Header(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip()));
        }
        return withFraming(line[0], line[1], headers);
    }

    private static RequestHead withFraming(String method, String target, List<Header> headers) throws RequestRefused {
        List<String> lengths = valuesOf("content-length", headers);
        List<String> encodings = valuesOf("transfer-encoding", headers);
        if (valuesOf("host", headers).size() != 1) {
            throw new RequestRefused(400, "HTTP/1.1 requires exactly one Host header.");
        }
        if (lengths.size() > 1 || (!lengths.isEmpty() && !encodings.isEmpty())) {
            throw new RequestRefused(400, "The length of the body is given more than once.");
        }
        if (encodings.isEmpty()) {
            return new RequestHead(method, target, headers, lengths.isEmpty() ? 0 : length(lengths.getFirst()), false);
        }
        if (encodings.size() > 1 || !encodings.getFirst().equalsIgnoreCase("chunked")) {
            throw new RequestRefused(501, "The only transfer coding known here is 'chunked'.");
        }
        return new RequestHead(method, target, headers, 0, true);
    }

    private static int length(String text) throws RequestRefused {
        if (!text.matches("\\d{1,18}")) {
            throw new RequestRefused(400, "Content-Length is not a number.");
        }
        long length = Long.parseLong(text);
        if (length > RequestReader.MAX_BODY) {
            throw new RequestRefused(413, "The body is longer than " + RequestReader.MAX_BODY + " bytes.");
        }
        return (int) length;
    }

    private static List<String> valuesOf(String name, List<Header> headers) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .map(Header::value)
                .toList();
    }

    boolean expectsContinue() {
        return valuesOf("expect", headers).stream().anyMatch("100-continue"::equalsIgnoreCase);
    }

    HttpRequest toRequest(Buffer body) {
        int query = target.indexOf('?');
        return new HttpRequest(method, query < 0 ? target : target.substring(0, query), headers, body);
    }
}
