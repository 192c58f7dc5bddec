package dev.understudy.protocol.failure;

import dev.understudy.engine.ProviderWords;
import java.util.HashSet;
import java.util.Set;

/** Collects what {@link ErrorShapes} comes across; of each field the first finding stays. */
final class ErrorFindings {
    /** A body may hold any number of identifiers, but an error has few. */
    private static final int MOST_NAMES = 32;

    /** A list of complaints may go on; what is beyond this is shown to nobody. */
    private static final int ENOUGH = 4_000;

    private boolean isError;
    private boolean broken;
    private String message = "";
    private String raw = "";
    private String type = "";
    private String param = "";
    private String code = "";
    private int status;
    private String retryDelay = "";
    private boolean perDay;
    private final Set<String> names = new HashSet<>();

    void isError() {
        isError = true;
    }

    void broken() {
        broken = true;
    }

    String message() {
        return message;
    }

    void message(String text) {
        if (message.isEmpty()) {
            message = text;
        }
    }

    /** One more complaint of a list of them. */
    void alsoSaid(String text) {
        if (message.length() < ENOUGH) {
            message = message.isEmpty() ? text : message + "; " + text;
        }
    }

    /** The words of a provider behind the one that answered (OpenRouter). */
    void raw(String text) {
        if (raw.isEmpty()) {
            raw = text;
        }
    }

    void type(String text) {
        if (type.isEmpty()) {
            type = text;
        }
        name(text);
    }

    void param(String text) {
        if (param.isEmpty()) {
            param = text;
        }
    }

    void code(String text) {
        if (code.isEmpty()) {
            code = text;
        }
        name(text);
    }

    /** Amazon's names come with a namespace before and an address after: {@code ns#Name:http://…}. */
    void name(String text) {
        String name = text.substring(text.indexOf('#') + 1);
        int colon = name.indexOf(':');
        name = ErrorBody.lower(colon < 0 ? name : name.substring(0, colon)).strip();
        if (!name.isEmpty() && name.length() <= 100 && names.size() < MOST_NAMES) {
            names.add(name);
        }
    }

    void status(int value) {
        if (status == 0 && value >= 400 && value <= 599) {
            status = value;
        }
    }

    void retryDelay(String text) {
        if (retryDelay.isEmpty()) {
            retryDelay = text;
        }
    }

    void quota(String id) {
        perDay |= ErrorBody.lower(id).contains("perday");
    }

    /** Takes over what an error inside this one says more exactly. */
    void prefer(ErrorFindings inner) {
        if (!inner.message.isEmpty()) {
            message = inner.message;
        }
        if (!inner.type.isEmpty()) {
            type = inner.type;
        }
        if (!inner.code.isEmpty()) {
            code = inner.code;
        }
        param(inner.param);
        raw(inner.raw);
        status(inner.status);
        retryDelay(inner.retryDelay);
        perDay |= inner.perDay;
        inner.names.forEach(this::name);
    }

    ErrorBody toBody() {
        String said = raw.isEmpty() ? message : message + ": " + raw;
        String shown = Wording.clean(said);
        if (shown.isEmpty()) {
            shown = broken ? "error body that is not JSON to its end" : "error body without a message";
        }
        return new ErrorBody(
                isError,
                new ProviderWords(shown, Wording.clean(type), Wording.clean(param), Wording.clean(code)),
                names,
                ErrorBody.lower(said),
                status,
                retryDelay,
                perDay);
    }
}
