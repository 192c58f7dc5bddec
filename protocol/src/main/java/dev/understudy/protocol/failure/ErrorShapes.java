package dev.understudy.protocol.failure;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Walks through an error body; each method stands before a value and leaves the parser at its end. */
final class ErrorShapes {
    private static final int TEXT_LIMIT = 8_000;

    /** Deeper than any known error: what lies below is passed over. */
    private static final int DEEPEST = 8;

    private final JsonParser parser;
    private final ErrorFindings found;
    private int depth;

    ErrorShapes(JsonParser parser, ErrorFindings found) {
        this.parser = parser;
        this.found = found;
    }

    void root() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_ARRAY) {
            // Gemini's OpenAI-compatible surface and its streams: the error object alone in an array.
            token = parser.nextToken();
        }
        if (token == JsonToken.START_OBJECT) {
            object();
        }
    }

    /** The body itself, the {@code error} in it, or one of their parts: they share their members' names. */
    private void object() throws IOException {
        if (depth == DEEPEST) {
            parser.skipChildren();
            return;
        }
        depth++;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            member(name);
        }
        depth--;
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "error", "errors" -> error();
            case "innererror", "inner_error", "response", "x_groq" -> nested();
            case "message", "Message", "msg" -> message();
            case "detail" -> message();
            case "details" -> details();
            case "metadata" -> metadata();
            case "choices" -> choices();
            case "type", "__type", "error_type" -> type();
            case "code", "error_code", "reason" -> code();
            case "param" -> ifText(found::param);
            case "status" -> status();
            case "statusCode", "status_code", "raw_status_code" -> number();
            case "object" ->
                ifText(text -> {
                    if (text.equals("error")) {
                        found.isError();
                    }
                });
            case "estimated_time" -> seconds();
            default -> parser.skipChildren();
        }
    }

    private void error() throws IOException {
        switch (parser.currentToken()) {
            case VALUE_NULL, VALUE_FALSE -> {}
            case VALUE_STRING -> {
                String text = text();
                if (!text.isEmpty()) {
                    found.isError();
                    found.message(text);
                }
            }
            case START_OBJECT -> {
                found.isError();
                object();
            }
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    error();
                }
            }
            default -> found.isError();
        }
    }

    private void nested() throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            object();
        } else {
            parser.skipChildren();
        }
    }

    /** A sentence, an object with one inside, or FastAPI's list of complaints. */
    private void message() throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> found.message(text());
            case START_OBJECT -> object();
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    complaint();
                }
            }
            default -> parser.skipChildren();
        }
    }

    /** {@code {"type":"extra_forbidden","loc":["body","top_k"],"msg":"Extra inputs are not permitted"}}. */
    private void complaint() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            found.alsoSaid(text());
            return;
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        String where = "";
        String what = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("loc") && token == JsonToken.START_ARRAY) {
                where = lastText();
            } else if (token == JsonToken.VALUE_STRING && name.equals("msg")) {
                what = text();
            } else if (token == JsonToken.VALUE_STRING && name.equals("type")) {
                found.name(text());
            } else {
                parser.skipChildren();
            }
        }
        found.param(where);
        found.alsoSaid(where.isEmpty() ? what : where + ": " + what);
    }

    private String lastText() throws IOException {
        String last = "";
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                last = text();
            } else {
                parser.skipChildren();
            }
        }
        return last;
    }

    /** Gemini's list of typed details, Anthropic's object with an {@code error_code}, or somebody's sentence. */
    private void details() throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> detail();
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    if (parser.currentToken() == JsonToken.START_OBJECT) {
                        detail();
                    } else {
                        parser.skipChildren();
                    }
                }
            }
            default -> parser.skipChildren();
        }
    }

    private void detail() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                switch (name) {
                    case "error_code", "reason", "code" -> found.name(text());
                    case "retryDelay" -> found.retryDelay(text());
                    default -> {}
                }
            } else if (name.equals("violations") && token == JsonToken.START_ARRAY) {
                violations();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void violations() throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("quotaId")) {
                    found.quota(text());
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /** OpenRouter: the upstream's body as text, and a typed reason. */
    private void metadata() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING && name.equals("raw")) {
                found.raw(text());
            } else if (token == JsonToken.VALUE_STRING && name.equals("error_type")) {
                found.name(text());
            } else {
                parser.skipChildren();
            }
        }
    }

    /** OpenRouter puts an error that struck mid-answer into the choice. */
    private void choices() throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                continue;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (name.equals("error")) {
                    error();
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    /** At the top, {@code "type":"error"} only says that this is one. */
    private void type() throws IOException {
        ifText(text -> {
            if (depth == 1 && text.equals("error")) {
                found.isError();
            } else {
                found.type(text);
            }
        });
    }

    private void code() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            found.code(number());
        } else {
            ifText(text -> {
                found.code(text);
                found.status(wholeNumber(text));
            });
        }
    }

    private void status() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            number();
        } else {
            ifText(found::name);
        }
    }

    private String number() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            parser.skipChildren();
            return "";
        }
        String digits = parser.getText();
        found.status(wholeNumber(digits));
        return digits;
    }

    private static int wholeNumber(String text) {
        return text.length() == 3 && text.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(text) : 0;
    }

    /** Hugging Face: how long a model will take to load, in seconds. */
    private void seconds() throws IOException {
        if (parser.currentToken().isNumeric()) {
            found.retryDelay(parser.getText() + "s");
        } else {
            parser.skipChildren();
        }
    }

    private interface Taker {
        void take(String text);
    }

    private void ifText(Taker taker) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            taker.take(text());
        } else {
            parser.skipChildren();
        }
    }

    private String text() throws IOException {
        return new String(
                parser.getTextCharacters(), parser.getTextOffset(), Math.min(TEXT_LIMIT, parser.getTextLength()));
    }
}
