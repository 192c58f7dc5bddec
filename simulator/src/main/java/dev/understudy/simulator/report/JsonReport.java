package dev.understudy.simulator.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;

/** The figures as JSON: {@code {"seed":…,"runs":[{"chain":…,"targets":[…],…}]}}; times in seconds, shares from 0 to 1. */
public final class JsonReport {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonReport() {}

    /** Writes it, and leaves the writer open. */
    public static void write(Results results, Writer to) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(to)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeNumberField("seed", results.seed());
            json.writeArrayFieldStart("runs");
            for (Results.Run run : results.runs()) {
                json.writeStartObject();
                json.writeStringField("chain", run.name());
                json.writeArrayFieldStart("targets");
                for (String target : run.targets()) {
                    json.writeString(target);
                }
                json.writeEndArray();
                for (Figure figure : Figure.ALL) {
                    double value = figure.value().applyAsDouble(run.measures());
                    if (figure.unit() == Figure.Unit.COUNT) {
                        json.writeNumberField(figure.key(), Math.round(value));
                    } else {
                        json.writeNumberField(figure.key(), value);
                    }
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }
}
