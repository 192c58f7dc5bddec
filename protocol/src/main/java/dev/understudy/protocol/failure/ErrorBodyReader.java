package dev.understudy.protocol.failure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the error bodies of all providers with one reader, because bodies pass through proxies and come out under
 * another provider's status or address.
 *
 * <p>Known shapes: OpenAI {@code {"error":{message,type,param,code}}}; Azure's the same with {@code innererror};
 * Anthropic {@code {"type":"error","error":{type,message,details}}}; Gemini {@code {"error":{code,message,status,
 * details}}}, also inside an array; Bedrock {@code {"message"}} with {@code __type}; OpenRouter with {@code metadata.raw};
 * vLLM {@code {"object":"error",…}}; Ollama and Hugging Face {@code {"error":"…"}}; Mistral and FastAPI
 * {@code {"detail":[{loc,msg,type}]}}; {@code response.failed} of the Responses API; plain text; HTML. A truncated body
 * is read as far as it goes.
 */
final class ErrorBodyReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    /** Errors are short; of a longer text only the start is read. */
    private static final int TEXT_LIMIT = 8_000;

    private static final Pattern TITLE = Pattern.compile("(?is)<title[^>]{0,100}>([^<]{1,120})</title>");

    private ErrorBodyReader() {}

    static ErrorBody read(byte[] array, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end && isBlank(array[at])) {
            at++;
        }
        if (at == end) {
            return ErrorBody.silent("empty body");
        }
        return switch (array[at]) {
            case '<' -> html(text(array, at, end));
            case '{', '[' -> json(array, at, end);
            default -> other(array, at, end);
        };
    }

    private static boolean isBlank(byte b) {
        // The bytes of a byte order mark count as blank here.
        return b == ' '
                || b == '\n'
                || b == '\r'
                || b == '\t'
                || b == (byte) 0xEF
                || b == (byte) 0xBB
                || b == (byte) 0xBF;
    }

    private static String text(byte[] array, int from, int to) {
        return new String(array, from, Math.min(TEXT_LIMIT, to - from), StandardCharsets.UTF_8);
    }

    /** Of an HTML page only the title is logged, and none of it is used for classification. */
    private static ErrorBody html(String page) {
        Matcher title = TITLE.matcher(page);
        return ErrorBody.silent(title.find() ? ErrorTextSanitizer.clean("HTML body: " + title.group(1)) : "HTML body");
    }

    private static ErrorBody other(byte[] array, int from, int to) {
        String text = text(array, from, to);
        if (text.startsWith("data:") || text.startsWith("event:")) {
            // An event stream with one error in it, under an error status.
            for (int at = from; at < to; at++) {
                if (array[at] == '{') {
                    return json(array, at, to);
                }
            }
        }
        return ErrorBody.ofText(text);
    }

    private static ErrorBody json(byte[] array, int from, int to) {
        ErrorFindings found = parse(array, from, to);
        String message = found.message();
        if (message.startsWith("{") && message.contains("error")) {
            // A proxy that wrapped the whole body of its upstream in its own message.
            byte[] inner = message.getBytes(StandardCharsets.UTF_8);
            found.prefer(parse(inner, 0, inner.length));
        }
        if (found.raw().startsWith("{")) {
            byte[] behind = found.raw().getBytes(StandardCharsets.UTF_8);
            found.behind(parse(behind, 0, behind.length));
        }
        return found.toBody();
    }

    private static ErrorFindings parse(byte[] array, int from, int to) {
        ErrorFindings found = new ErrorFindings();
        try (JsonParser parser = JSON.createParser(array, from, to - from)) {
            new ErrorShapes(parser, found).root();
        } catch (IOException cutOrBroken) {
            // What was read until here is still more than the status alone.
            found.broken();
        }
        return found;
    }
}
