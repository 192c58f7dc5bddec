package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.Asked;
import java.util.Arrays;

/** Ids for answers whose vendor gave none: clients log them and want one. */
final class AnswerIds {
    private AnswerIds() {}

    static String of(String given, Asked asked) {
        return given.isEmpty()
                ? "chatcmpl-" + Long.toHexString(asked.now()) + Integer.toHexString(Arrays.hashCode(asked.body()))
                : given;
    }
}
