package dev.understudy.protocol.failure;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads the provider-specific parts of error bodies; called by {@link ErrorShapes} in the same way. */
final class ProviderErrorFields {
    /** Errors are short; of a longer text only the start is read. */
    private static final int TEXT_LIMIT = 8_000;

    private final JsonParser parser;
    private final ErrorFindings found;

    ProviderErrorFields(JsonParser parser, ErrorFindings found) {
        this.parser = parser;
        this.found = found;
    }

    /** {@code {"type":"extra_forbidden","loc":["body","top_k"],"msg":"Extra inputs are not permitted"}}. */
    void complaint() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            found.alsoSaid(text(parser));
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
                what = text(parser);
            } else if (token == JsonToken.VALUE_STRING && name.equals("type")) {
                found.name(text(parser));
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
                last = text(parser);
            } else {
                parser.skipChildren();
            }
        }
        return last;
    }

    /** Gemini's list of typed details, Anthropic's object with an {@code error_code}, or a message. */
    void details() throws IOException {
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
                    case "error_code", "reason", "code" -> found.name(text(parser));
                    case "retryDelay" -> found.retryDelay(text(parser));
                    default -> {}
                }
            } else if (name.equals("violations") && token == JsonToken.START_ARRAY) {
                violations();
            } else if (name.equals("metadata") && token == JsonToken.START_OBJECT) {
                quota();
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
            quota();
        }
    }

    /** One quota, of a {@code QuotaFailure} or in the {@code metadata} of an {@code ErrorInfo}. */
    private void quota() throws IOException {
        StringBuilder named = new StringBuilder();
        boolean ofOneModel = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "quotaId", "quotaMetric", "quota_limit", "quota_metric" -> {
                    if (token == JsonToken.VALUE_STRING) {
                        named.append(text(parser)).append(' ');
                    } else {
                        parser.skipChildren();
                    }
                }
                case "quotaDimensions" -> ofOneModel |= namesAModel(token);
                default -> parser.skipChildren();
            }
        }
        found.quota(named.toString(), ofOneModel);
    }

    /** {@code {"location":"global","model":"gemini-2.5-flash"}}. */
    private boolean namesAModel(JsonToken token) throws IOException {
        boolean names = false;
        if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                names |= parser.currentName().equals("model");
                parser.nextToken();
                parser.skipChildren();
            }
        } else {
            parser.skipChildren();
        }
        return names;
    }

    /** OpenRouter: the upstream's body as text, and a typed reason. */
    void metadata() throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING && name.equals("raw")) {
                found.raw(text(parser));
            } else if (token == JsonToken.VALUE_STRING && name.equals("error_type")) {
                found.name(text(parser));
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The start of the current string. */
    static String text(JsonParser parser) throws IOException {
        return new String(
                parser.getTextCharacters(), parser.getTextOffset(), Math.min(TEXT_LIMIT, parser.getTextLength()));
    }
}
