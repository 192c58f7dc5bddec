package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralAnswer.Choice;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Reads a whole response. */
final class AnswerReader {
    private static final NameTable OUTPUT = NameTable.of("output");

    private AnswerReader() {}

    static NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        try {
            ResponseReader response = response(array, offset, length);
            if (response.isFailed()) {
                throw new InvalidAnswer(response.failure());
            }
            if (!response.isResponse()) {
                throw InvalidAnswer.malformed("A JSON object that is not a response");
            }
            if (response.items().stream().anyMatch(ResponseReader.OutputItem::isForeign)) {
                keepForeign(response.items(), array, offset, length);
            }
            return answer(response);
        } catch (MalformedJson broken) {
            throw InvalidAnswer.malformed("A body that is not well-formed JSON");
        }
    }

    private static ResponseReader response(byte[] array, int offset, int length) throws MalformedJson, InvalidAnswer {
        JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
        walk.over(array, offset, offset + length);
        if (walk.token() != Token.START_OBJECT) {
            throw InvalidAnswer.malformed("JSON that is not a response");
        }
        ResponseReader response = ResponseReader.whole(walk);
        if (!walk.isAtEnd()) {
            throw InvalidAnswer.malformed("A response with data after it");
        }
        return response;
    }

    /** An item's type may come last in it, so the items that are kept whole are known only afterwards. */
    private static void keepForeign(List<ResponseReader.OutputItem> items, byte[] array, int offset, int length)
            throws MalformedJson {
        JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
        Iterator<ResponseReader.OutputItem> next = items.iterator();
        walk.over(array, offset, offset + length);
        walk.object(OUTPUT, name -> {
            if (!name.isEmpty()) {
                walk.array(() -> {
                    ResponseReader.OutputItem item = next.next();
                    if (item.isForeign()) {
                        item.keep(walk.json());
                    }
                });
            }
        });
    }

    private static NeutralAnswer answer(ResponseReader response) {
        List<Part> parts = new ArrayList<>();
        List<String> logprobs = new ArrayList<>();
        boolean calls = false;
        for (ResponseReader.OutputItem item : response.items()) {
            parts.addAll(item.parts());
            logprobs.addAll(item.logprobs());
            calls |= item.isCall();
        }
        Choice only = new Choice(
                0,
                parts,
                response.ending().finish(calls),
                Annotations.Logprobs.ofList("[" + String.join(",", logprobs) + "]"));
        return new NeutralAnswer(
                response.id(),
                response.model(),
                response.created(),
                List.of(only),
                response.tokens(),
                response.serviceTier());
    }
}
