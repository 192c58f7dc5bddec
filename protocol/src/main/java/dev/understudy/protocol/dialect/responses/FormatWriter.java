package dev.understudy.protocol.dialect.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.neutral.NeutralRequest;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.ResponseFormat;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Writes what the text of the answer must be. */
final class FormatWriter {
    private final ResponseFormat form;
    private final String instruction;
    private final boolean ownCaller;

    private FormatWriter(ResponseFormat form, String instruction, boolean ownCaller) {
        this.form = form;
        this.instruction = instruction;
        this.ownCaller = ownCaller;
    }

    /**
     * @param ownCaller whether the caller means OpenAI's default where it does not say how strict a schema is
     * @param warnings gets what the model will see of it
     */
    static FormatWriter of(
            NeutralRequest request, ModelCapabilities capabilities, boolean ownCaller, List<String> warnings) {
        ResponseFormat form = request.output();
        if (capabilities.schema() == Can.NO && form instanceof ResponseFormat.Schema schema) {
            warnings.add("response_format: the schema became an instruction, the model takes none");
            return new FormatWriter(
                    new ResponseFormat.Text(),
                    "Answer with nothing but a JSON object that meets this JSON schema: " + schema.schema(),
                    ownCaller);
        }
        if (form instanceof ResponseFormat.Json && !speaksOfJson(request)) {
            // OpenAI refuses this form to those who do not say the word.
            warnings.add("response_format: an instruction to answer in JSON was added, OpenAI insists on one");
            return new FormatWriter(form, "Answer with a JSON object.", ownCaller);
        }
        return new FormatWriter(form, "", ownCaller);
    }

    private static boolean speaksOfJson(NeutralRequest request) {
        return request.turns().stream()
                .flatMap(turn -> turn.parts().stream())
                .anyMatch(part -> part instanceof Part.Text text
                        && text.text().toLowerCase(Locale.ROOT).contains("json"));
    }

    /** What is to be added to the instructions; empty if nothing is. */
    String instruction() {
        return instruction;
    }

    boolean isSaid() {
        return !(form instanceof ResponseFormat.Text);
    }

    /** Writes {@code format}, if it is said. */
    void write(JsonGenerator json) throws IOException {
        switch (form) {
            case ResponseFormat.Text text -> {
                // The default.
            }
            case ResponseFormat.Json any -> {
                json.writeObjectFieldStart("format");
                json.writeStringField("type", "json_object");
                json.writeEndObject();
            }
            case ResponseFormat.Schema schema -> {
                json.writeObjectFieldStart("format");
                json.writeStringField("type", "json_schema");
                json.writeStringField("name", name(schema.name()));
                if (!schema.description().isEmpty()) {
                    json.writeStringField("description", schema.description());
                }
                json.writeFieldName("schema");
                RawJson.write(json, schema.schema().toString());
                if (schema.strict().isPresent() || !ownCaller) {
                    json.writeBooleanField("strict", schema.strict().orElse(false));
                }
                json.writeEndObject();
            }
        }
    }

    /** A name has to be there, of 64 letters, digits, underscores and dashes at most. */
    private static String name(String said) {
        String name = said.replaceAll("[^a-zA-Z0-9_-]", "_");
        return name.isEmpty() ? "answer" : name.substring(0, Math.min(64, name.length()));
    }
}
