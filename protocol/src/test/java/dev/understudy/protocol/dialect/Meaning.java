package dev.understudy.protocol.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Finish.Reason;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What of an answer has to survive a translation: words, calls, the reason of the end and the counts, of the first choice.
 *
 * @param text of all parts, refusals included: most dialects have no other place for them
 * @param refused whether the text, or a part of it, is marked as a refusal
 * @param prompt counts that are absent are 0, as those dialects write them that must write something
 */
record Meaning(
        String text,
        boolean refused,
        List<Call> calls,
        Reason finish,
        long prompt,
        long completion,
        long cached,
        long reasoning) {

    /** @param arguments as a tree; a missing node where they are no JSON */
    record Call(String id, String name, JsonNode arguments) {
        static Call of(Part.ToolCall call) {
            boolean none = call.arguments().isBlank();
            return new Call(call.id(), call.name(), none ? JsonTrees.emptyObject() : JsonTrees.of(call.arguments()));
        }

        private Call in(FuzzSeeds to) {
            // Google's arguments are an object and no text: what is none cannot be said.
            return to == FuzzSeeds.GEMINI && !arguments.isObject() ? new Call(id, name, JsonTrees.emptyObject()) : this;
        }
    }

    static Meaning of(NeutralAnswer answer) {
        StringBuilder text = new StringBuilder();
        boolean refused = false;
        List<Call> calls = new ArrayList<>();
        NeutralAnswer.Choice choice = answer.choices().getFirst();
        for (Part part : choice.parts()) {
            switch (part) {
                case Part.Text words -> text.append(words.text());
                case Part.Refusal words -> {
                    text.append(words.text());
                    refused = true;
                }
                case Part.ToolCall call -> calls.add(Call.of(call));
                default -> {
                    // Reasoning, media and a vendor's own parts have no place in every dialect.
                }
            }
        }
        Tokens tokens = answer.tokens();
        return new Meaning(
                text.toString(),
                refused,
                calls,
                choice.finish().reason(),
                count(tokens.prompt()),
                count(tokens.completion()),
                count(tokens.cached()),
                count(tokens.reasoning()));
    }

    private static long count(OptionalLong count) {
        return count.orElse(0);
    }

    /** What is left of it in a dialect: all that it has words for. */
    Meaning in(FuzzSeeds to) {
        return new Meaning(
                text,
                refused && to.marksRefusals(),
                calls.stream().map(call -> call.in(to)).toList(),
                finishIn(to),
                prompt,
                completion,
                cached,
                to == FuzzSeeds.BEDROCK ? 0 : reasoning);
    }

    private Reason finishIn(FuzzSeeds to) {
        boolean callsTell = to != FuzzSeeds.ANTHROPIC && to != FuzzSeeds.BEDROCK;
        return switch (finish) {
            case REFUSAL -> to == FuzzSeeds.ANTHROPIC ? Reason.REFUSAL : Reason.CONTENT_FILTER;
            // Where there are calls their clients expect to be told so.
            case STOP -> {
                if (refused && to == FuzzSeeds.ANTHROPIC) {
                    yield Reason.REFUSAL;
                }
                yield callsTell && !calls.isEmpty() ? Reason.TOOL_CALLS : Reason.STOP;
            }
            // The others do not tell a stop sequence from the model's own end.
            case STOP_SEQUENCE -> callsTell ? Reason.STOP : Reason.STOP_SEQUENCE;
            case CONTENT_FILTER -> to == FuzzSeeds.ANTHROPIC ? Reason.REFUSAL : Reason.CONTENT_FILTER;
            default -> finish;
        };
    }

    /** Also what only its own dialect has: reasoning with signatures, citations, a vendor's own blocks. */
    static List<Object> own(NeutralAnswer answer) {
        List<Object> own = new ArrayList<>(List.of(answer.model(), of(answer)));
        for (NeutralAnswer.Choice choice : answer.choices()) {
            own.add(choice.finish());
            own.add(choice.logprobs());
            for (Part part : choice.parts()) {
                switch (part) {
                    case Part.Reasoning thought -> own.add(2, thought);
                    case Part.ToolCall call -> own.add(call.signature());
                    case Part.Foreign foreign -> own.add(JsonTrees.of(foreign.json()));
                    case Part.Text words -> words.citations().forEach(cited -> own.add(JsonTrees.of(cited.json())));
                    default -> own.add(part);
                }
            }
        }
        return own;
    }
}
