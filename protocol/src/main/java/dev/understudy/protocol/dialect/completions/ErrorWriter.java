package dev.understudy.protocol.dialect.completions;

import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.dialect.OpenAiErrorBody;

/** Writes errors as {@link OpenAiErrorBody} does. */
final class ErrorWriter {

    private ErrorWriter() {}

    static byte[] body(ErrorResponse error) {
        return OpenAiErrorBody.json(error);
    }

    static byte[] frame(ErrorResponse error) {
        return OpenAiErrorBody.event(error);
    }
}
