package dev.understudy.protocol.dialect;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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

    /** The same request with warnings before its own; each is given once. */
    public WrittenRequest after(List<String> earlier) {
        if (earlier.isEmpty()) {
            return this;
        }
        Set<String> all = new LinkedHashSet<>(earlier);
        all.addAll(warnings);
        return new WrittenRequest(body, List.copyOf(all));
    }
}
