package dev.understudy.protocol.failure;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Walks through an error body; each method starts before a value and leaves the parser at its end. */
final class ErrorShapes {
    /** Deeper than any known error: deeper levels are skipped. */
    private static final int DEEPEST = 8;

    private final JsonParser parser;
    private final ErrorFindings found;
    private final ProviderErrorFields details;
    private int depth;

    ErrorShapes(JsonParser parser, ErrorFindings found) {
        this.parser = parser;
        this.found = found;
        this.details = new ProviderErrorFields(parser, found);
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
            case "details" -> details.details();
            case "metadata" -> details.metadata();
            case "choices" -> choices();
            case "type", "__type", "error_type" -> type();
            case "code", "error_code", "reason" -> code();
            case "param" -> ifText(found::param);
            case "status" -> status();
            case "statusCode", "status_code", "raw_status_code", "originalStatusCode" -> number();
            case "object" ->
                ifText(text -> {
                    if (text.equals("error")) {
                        found.isError();
                    }
                });
            case "estimated_time" -> seconds();
            // Routers name the provider behind them whose error they report: Portkey, and OpenRouter in a stream.
            case "provider" -> ifText(text -> found.relayed());
            // Groq, with what the model wrote instead.
            case "failed_generation" -> {
                found.name(name);
                parser.skipChildren();
            }
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

    /** A message, an object with one inside, or FastAPI's list of validation errors. */
    private void message() throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> found.message(text());
            case START_OBJECT -> object();
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    details.complaint();
                }
            }
            default -> parser.skipChildren();
        }
    }

    /** OpenRouter puts an error in the middle of an answer into the choice. */
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

    /** At the top, {@code "type":"error"} only says that this is an error. */
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
        return ProviderErrorFields.text(parser);
    }
}
