package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.RequestContext;
import java.util.Arrays;

/** Ids for answers whose vendor gave none: by theirs, clients know that the chunks of a stream belong together. */
final class ResponseIds {
    private ResponseIds() {}

    static String of(String given, RequestContext context) {
        return given.isEmpty()
                ? "resp-" + Long.toHexString(context.now()) + Integer.toHexString(Arrays.hashCode(context.body()))
                : given;
    }
}
