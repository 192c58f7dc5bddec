package dev.understudy.protocol.dialect;

import java.util.List;

/**
 * A request in a target's dialect.
 *
 * @param body JSON as UTF-8
 * @param warnings what the target was not told, one short sentence each, such as {@code logit_bias: dropped, anthropic
 *     has none}
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on, never compared.
public record WrittenRequest(byte[] body, List<String> warnings) {
    public WrittenRequest {
        warnings = List.copyOf(warnings);
    }
}
