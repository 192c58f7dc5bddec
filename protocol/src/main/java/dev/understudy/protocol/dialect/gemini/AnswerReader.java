package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole answer. */
final class AnswerReader {

    private AnswerReader() {}

    static NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        ResponseReader response = new ResponseReader();
        try {
            response.read(array, offset, length);
        } catch (MalformedJson broken) {
            throw InvalidAnswer.malformed("The answer is not well-formed JSON.");
        }
        if (response.isError) {
            throw new InvalidAnswer(Classifier.inBand(array, offset, length));
        }
        if (!response.isResponse) {
            throw InvalidAnswer.malformed("The answer is not a Gemini response.");
        }
        List<NeutralAnswer.Choice> choices = new ArrayList<>();
        for (CandidateReader.Candidate candidate : response.candidates) {
            choices.add(choice(candidate, response.id));
        }
        if (choices.isEmpty() && !response.blockReason.isEmpty()) {
            choices.add(new NeutralAnswer.Choice(0, List.of(), FinishReasons.blocked(response.blockReason), ""));
        }
        return new NeutralAnswer(response.id, response.model, response.created, choices, response.tokens, "");
    }

    private static NeutralAnswer.Choice choice(CandidateReader.Candidate candidate, String answer) {
        List<Part> parts = new ArrayList<>();
        int calls = 0;
        for (CandidateReader.Piece event : candidate.pieces) {
            switch (event) {
                case CandidateReader.Piece.Text part -> words(part.text(), parts);
                case CandidateReader.Piece.Reasoning reasoning -> {
                    if (!reasoning.text().isEmpty()) {
                        parts.add(new Part.Reasoning(reasoning.text(), reasoning.signature(), "", GeminiDialect.NAME));
                    }
                }
                case CandidateReader.Piece.Call call -> {
                    if (!call.name().isEmpty()) {
                        parts.add(call(call, candidate.index, calls, answer));
                        calls++;
                    }
                }
                case CandidateReader.Piece.Whole whole -> parts.add(whole.part());
            }
        }
        cite(candidate.citations, parts);
        String word = candidate.finishReason;
        Finish finish = FinishReasons.isFinish(word)
                ? FinishReasons.read(word, candidate.finishMessage, calls > 0)
                : Finish.of(Finish.Reason.OTHER, word);
        return new NeutralAnswer.Choice(candidate.index, parts, finish, candidate.logprobs);
    }

    /** Consecutive text parts are one text. */
    private static void words(String text, List<Part> parts) {
        if (text.isEmpty()) {
            return;
        }
        if (!parts.isEmpty() && parts.getLast() instanceof Part.Text before) {
            parts.removeLast();
            parts.add(Part.Text.of(before.text() + text));
        } else {
            parts.add(Part.Text.of(text));
        }
    }

    private static Part.ToolCall call(CandidateReader.Piece.Call call, int choice, int index, String answer) {
        String args = call.args();
        if (args.isEmpty()) {
            FrameReader.ArgumentsText text = new FrameReader.ArgumentsText();
            StringBuilder whole = new StringBuilder();
            call.more().forEach(argument -> whole.append(text.add(argument)));
            args = whole.append(text.end()).toString();
        }
        String id = call.id().isEmpty() ? ToolCallIds.ofAnswer(answer, choice, index) : call.id();
        return new Part.ToolCall(id, call.name(), args, call.signature());
    }

    /** A citation belongs to the last text that has its quote; without a quote, to the last text. */
    private static void cite(List<Part.Citation> citations, List<Part> parts) {
        for (Part.Citation citation : citations) {
            for (int i = parts.size() - 1; i >= 0; i--) {
                if (parts.get(i) instanceof Part.Text text && text.text().contains(citation.quote())) {
                    List<Part.Citation> all = new ArrayList<>(text.citations());
                    all.add(placed(citation, text.text()));
                    parts.set(i, new Part.Text(text.text(), all));
                    break;
                }
            }
        }
    }

    private static Part.Citation placed(Part.Citation citation, String text) {
        if (citation.quote().isEmpty()) {
            return citation;
        }
        int from = text.indexOf(citation.quote());
        return new Part.Citation(
                citation.url(),
                citation.title(),
                citation.quote(),
                from,
                from + citation.quote().length(),
                citation.dialect(),
                citation.json());
    }
}
