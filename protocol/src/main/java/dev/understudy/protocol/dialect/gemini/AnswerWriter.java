package dev.understudy.protocol.dialect.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes a whole answer. */
final class AnswerWriter {

    private AnswerWriter() {}

    static byte[] write(NeutralAnswer answer, RequestContext context) {
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("candidates");
            for (NeutralAnswer.Choice choice : answer.choices()) {
                candidate(json, choice);
            }
            json.writeEndArray();
            ResponseJson.usage(json, answer.tokens());
            ResponseJson.head(
                    json, answer.id(), answer.model(), answer.created().orElse(context.now()));
            json.writeEndObject();
        });
    }

    private static void candidate(JsonGenerator json, NeutralAnswer.Choice choice) throws IOException {
        List<JsonOut.Content> parts = new ArrayList<>();
        List<Part.Citation> citations = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (Part part : choice.parts()) {
            ResponseJson.part(part, first).ifPresent(parts::add);
            first &= !(part instanceof Part.ToolCall);
            if (part instanceof Part.Text words) {
                for (Part.Citation citation : words.citations()) {
                    citations.add(behind(citation, text.length()));
                }
                text.append(words.text());
            }
        }
        json.writeStartObject();
        ResponseJson.content(json, parts);
        json.writeStringField("finishReason", FinishReasons.written(choice.finish()));
        json.writeNumberField("index", choice.index());
        ResponseJson.grounding(json, citations, text.toString());
        LogprobsJson.write(json, choice.logprobs());
        json.writeEndObject();
    }

    /** Offsets are those of one text; Google counts from the beginning of the answer. */
    private static Part.Citation behind(Part.Citation citation, int offset) {
        if (citation.from() < 0 || citation.to() < 0) {
            return citation;
        }
        return new Part.Citation(
                citation.url(),
                citation.title(),
                citation.quote(),
                citation.from() + offset,
                citation.to() + offset,
                citation.dialect(),
                citation.json());
    }
}
