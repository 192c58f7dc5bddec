package dev.understudy.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.understudy.store.CallRecord.Step;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * A trail as one text: an array of JSON for each step, without names of fields.
 *
 * <p>In a column of the call, since a call then is one row to write: a table of attempts would double the work of the writer. Names
 * of fields would be found by every search for a text.
 */
final class TrailText {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int NO_STATUS = -1;
    private static final int USUAL_LENGTH = 128;

    private TrailText() {}

    static String of(List<Step> trail) {
        StringWriter text = new StringWriter(USUAL_LENGTH * trail.size());
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartArray();
            for (Step step : trail) {
                json.writeStartArray();
                json.writeString(step.target());
                json.writeNumber(step.attempt());
                json.writeString(step.state().name().toLowerCase(Locale.ROOT));
                json.writeString(step.outcome());
                json.writeString(step.reason());
                json.writeString(step.kind());
                json.writeString(step.manner());
                json.writeNumber(step.start());
                json.writeNumber(step.duration());
                json.writeNumber(step.status().orElse(NO_STATUS));
                json.writeString(step.message());
                if (!step.drill().isEmpty()) {
                    json.writeString(step.drill());
                }
                json.writeEndArray();
            }
            json.writeEndArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** The steps of a text; fields that a later version has added at the end of a step are ignored. */
    static List<Step> read(String text) throws IOException {
        List<Step> trail = new ArrayList<>();
        try (JsonParser json = JSON.createParser(text)) {
            expect(json.nextToken(), JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_ARRAY) {
                Step step = step(json);
                // What an earlier version has not written is not there.
                if (json.nextToken() == JsonToken.VALUE_STRING) {
                    step = step.inDrill(json.getText());
                    json.nextToken();
                }
                trail.add(step);
                while (json.currentToken() != JsonToken.END_ARRAY) {
                    json.skipChildren();
                    json.nextToken();
                }
            }
            expect(json.currentToken(), JsonToken.END_ARRAY);
        }
        return trail;
    }

    private static Step step(JsonParser json) throws IOException {
        String target = string(json);
        int attempt = (int) number(json);
        Step.State state = Step.State.valueOf(string(json).toUpperCase(Locale.ROOT));
        String outcome = string(json);
        String reason = string(json);
        String kind = string(json);
        String manner = string(json);
        long start = number(json);
        long duration = number(json);
        int status = (int) number(json);
        return new Step(
                target,
                attempt,
                state,
                outcome,
                reason,
                kind,
                manner,
                start,
                duration,
                status == NO_STATUS ? OptionalInt.empty() : OptionalInt.of(status),
                string(json));
    }

    private static String string(JsonParser json) throws IOException {
        expect(json.nextToken(), JsonToken.VALUE_STRING);
        return json.getText();
    }

    private static long number(JsonParser json) throws IOException {
        expect(json.nextToken(), JsonToken.VALUE_NUMBER_INT);
        return json.getLongValue();
    }

    private static void expect(JsonToken found, JsonToken expected) throws IOException {
        if (found != expected) {
            throw new IOException("the text of a trail has " + found + " where " + expected + " belongs");
        }
    }

    /** How a text reads inside a trail. */
    static String escaped(String text) {
        return String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text));
    }
}
