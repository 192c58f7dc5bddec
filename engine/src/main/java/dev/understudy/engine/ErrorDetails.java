package dev.understudy.engine;

/**
 * The details of an error as its source gave them, in OpenAI's four fields. An empty string stands for an absent field.
 *
 * @param message for people
 * @param type the family of the error, such as {@code invalid_request_error}
 * @param param the request parameter at fault
 * @param code the exact error, such as {@code context_length_exceeded}
 */
public record ErrorDetails(String message, String type, String param, String code) {

    /** Only a message. */
    public static ErrorDetails of(String message) {
        return new ErrorDetails(message, "", "", "");
    }
}
