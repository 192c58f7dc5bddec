package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The library's parsers, set to be as strict as ours: what the two are compared by. */
final class Parsers {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            // Bodies are UTF-8 (RFC 8259, 8.1); guessing would let UTF-16 through, whose offsets mean nothing here.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // Depth is counted by those who compare.
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(NumberScan.LONGEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private Parsers() {}

    /** Reads {@code body} from {@code from} on, up to {@code to}. Offsets that it tells begin with 0 at {@code from}. */
    static JsonParser over(byte[] body, int from, int to) {
        try {
            return FACTORY.createParser(body, from, to - from);
        } catch (IOException cannotBe) {
            throw new UncheckedIOException("an array in memory could not be read", cannotBe);
        }
    }
}
