package dev.understudy.protocol.dialect.completions;

import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;

/** Writes a whole completion: the words, and nothing else. */
final class AnswerWriter {

    private AnswerWriter() {}

    static byte[] write(NeutralAnswer answer, RequestContext context) {
        return JsonOut.bytes(json -> {
            json.writeStartObject();
            Completion.writeHead(json, answer.id(), answer.created().orElse(context.now()), answer.model());
            json.writeArrayFieldStart("choices");
            for (NeutralAnswer.Choice choice : answer.choices()) {
                StringBuilder text = new StringBuilder();
                for (Part part : choice.parts()) {
                    if (part instanceof Part.Text words) {
                        text.append(words.text());
                    } else if (part instanceof Part.Refusal refusal) {
                        text.append(refusal.text());
                    }
                }
                Completion.writeChoice(json, choice.index(), text.toString(), Completion.word(choice.finish()));
            }
            json.writeEndArray();
            Completion.writeUsage(json, answer.tokens());
            json.writeEndObject();
        });
    }
}
