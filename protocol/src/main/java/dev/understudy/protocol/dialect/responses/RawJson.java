package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** JSON that came from a caller or a vendor and is repeated as it was. */
final class RawJson {

    private RawJson() {}

    /**
     * Writes it as a value, in one line: callers indent their bodies, and a line break would end the {@code data:} line of
     * an event. Between JSON's tokens one blank is as good as another, and inside strings there are no raw breaks.
     */
    static void write(JsonGenerator json, String raw) throws IOException {
        json.writeRawValue(raw.replace('\n', ' ').replace('\r', ' '));
    }
}
