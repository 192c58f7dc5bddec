package dev.understudy.protocol.dialect.completions;

import dev.understudy.protocol.chat.ChatErrorBody;
import dev.understudy.protocol.dialect.ErrorResponse;

/** Writes errors as {@link ChatErrorBody} does. */
final class ErrorWriter {

    private ErrorWriter() {}

    static byte[] body(ErrorResponse error) {
        return ChatErrorBody.json(error.words(), error.attempts());
    }

    static byte[] frame(ErrorResponse error) {
        return ChatErrorBody.event(error.words(), error.attempts());
    }
}
