package dev.understudy.protocol.failure;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.protocol.failure.ErrorBody.DayQuota;
import java.util.HashSet;
import java.util.Set;

/** Collects what {@link ErrorShapes} finds; of each field the first finding is kept. */
final class ErrorFindings {
    /** Stands for the message of an error that has none. */
    static final String NO_MESSAGE = "error body without a message";

    /** A body may hold any number of identifiers, but an error has few. */
    private static final int MOST_NAMES = 32;

    /** A list of validation errors may be long; no more than this is kept. */
    private static final int ENOUGH = 4_000;

    private boolean isError;
    private boolean broken;
    private String message = "";
    private String raw = "";
    private String behind = "";
    private String type = "";
    private String param = "";
    private String code = "";
    private int status;
    private String retryDelay = "";
    private boolean modelsDay;
    private boolean accountsDay;
    private boolean relayed;
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

    /** One entry of a list of validation errors. */
    void alsoSaid(String text) {
        if (message.length() < ENOUGH) {
            message = message.isEmpty() ? text : message + "; " + text;
        }
    }

    /** The error of a provider behind the one that answered (OpenRouter). */
    void raw(String text) {
        relayed = true;
        if (raw.isEmpty()) {
            raw = text;
        }
    }

    String raw() {
        return raw;
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

    /** A router reports the error of a provider behind it. */
    void relayed() {
        relayed = true;
    }

    /**
     * A quota that was exceeded.
     *
     * @param name its identifier and metric, such as {@code GenerateRequestsPerDayPerProjectPerModel-FreeTier}
     * @param ofOneModel whether its dimensions name a model
     */
    void quota(String name, boolean ofOneModel) {
        String metric = ErrorBody.lower(name).replace("_", "");
        if (metric.contains("perday")) {
            boolean perModel = ofOneModel || metric.contains("permodel") || metric.contains("perbasemodel");
            modelsDay |= perModel;
            accountsDay |= !perModel;
        }
    }

    /** Takes over the more specific fields of an error inside this one. */
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
        if (!inner.raw.isEmpty()) {
            raw(inner.raw);
        }
        alsoNamed(inner);
    }

    /** Takes over the body of a provider behind this one; its message is shown unchanged. */
    void behind(ErrorFindings inner) {
        behind = inner.message;
        alsoNamed(inner);
    }

    private void alsoNamed(ErrorFindings inner) {
        status(inner.status);
        retryDelay(inner.retryDelay);
        modelsDay |= inner.modelsDay;
        accountsDay |= inner.accountsDay;
        relayed |= inner.relayed;
        inner.names.forEach(this::name);
    }

    ErrorBody toBody() {
        String said = raw.isEmpty() ? message : message + ": " + raw;
        // The message without the JSON around it, because its JSON quotes would count as a quotation.
        String searched = raw.isEmpty() || behind.isEmpty() ? said : message + ": " + behind;
        String shown = ErrorTextSanitizer.clean(said);
        if (shown.isEmpty()) {
            shown = broken ? "error body that is not JSON to its end" : NO_MESSAGE;
        }
        return new ErrorBody(
                isError,
                new ErrorDetails(
                        shown,
                        ErrorTextSanitizer.clean(type),
                        ErrorTextSanitizer.clean(param),
                        ErrorTextSanitizer.clean(code)),
                names,
                ErrorBody.lower(searched),
                status,
                retryDelay,
                accountsDay ? DayQuota.ACCOUNT : modelsDay ? DayQuota.MODEL : DayQuota.NONE,
                relayed || ErrorBody.isRelay(message));
    }
}
