package dev.understudy.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The one place where JSON parsers are made, so that all of them are equally strict. */
final class Parsers {
    /** Longer numbers mean nothing to a model; shorter ones pass whatever their form. */
    private static final int LONGEST_NUMBER = 10_000;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            // Bodies are UTF-8 (RFC 8259, 8.1); guessing would let UTF-16 through, whose offsets mean nothing here.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            // Interned names would stay in the JVM for ever, and callers choose them.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // Locations are for offsets; a quotation of the prompt has no place in messages and logs.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // Depth is counted by those who read, with the limit of their caller and a message of their own.
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(LONGEST_NUMBER)
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

    /** What a parser's complaint means to a caller, who gets its kind and place but no piece of the prompt. */
    static BadRequest asBadRequest(String what, int from, JsonProcessingException fault) {
        long offset = fault.getLocation() == null ? -1 : fault.getLocation().getByteOffset();
        String place = offset < 0 ? "" : " (near byte " + (from + offset) + ")";
        return BadRequest.notJson(
                what + " is not well-formed JSON: " + reason(fault) + place + ". Send JSON in UTF-8.");
    }

    private static String reason(JsonProcessingException fault) {
        String message = fault.getOriginalMessage();
        if (fault instanceof StreamConstraintsException) {
            return "a name or a number in it is too long";
        }
        if (fault instanceof JsonEOFException) {
            return "it ends in the middle of a value";
        }
        if (message.startsWith("Unrecognized token")) {
            // The parser would repeat the word, which may be a piece of anything.
            return "a word in it is none of true, false and null";
        }
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
