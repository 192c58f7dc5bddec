package dev.understudy.protocol.neutral;

import java.util.function.Consumer;

/** Splits a whole answer into the events of a stream: the reverse of {@link AnswerAssembly}. */
public final class AnswerEvents {
    /** Characters (UTF-16 units) in one event: the longest text that providers send in one. */
    private static final int LONGEST_PIECE = 16 * 1024;

    private final Consumer<StreamEvent> to;

    private AnswerEvents(Consumer<StreamEvent> to) {
        this.to = to;
    }

    /** Emits all events, {@link StreamEvent.Done} included. Long texts and arguments are split. */
    public static void tell(NeutralAnswer answer, Consumer<StreamEvent> to) {
        new AnswerEvents(to).answer(answer);
    }

    private void answer(NeutralAnswer answer) {
        to.accept(new StreamEvent.Begin(answer.id(), answer.model(), answer.created()));
        answer.choices().forEach(this::choice);
        if (!answer.tokens().equals(Tokens.NONE)) {
            to.accept(new StreamEvent.Counted(answer.tokens()));
        }
        answer.choices().forEach(choice -> to.accept(new StreamEvent.Ended(choice.index(), choice.finish())));
        to.accept(new StreamEvent.Done());
    }

    private void choice(NeutralAnswer.Choice choice) {
        String logprobs = oneLine(choice.logprobs());
        int calls = 0;
        for (Part part : choice.parts()) {
            switch (part) {
                case Part.Text text -> {
                    text(choice.index(), text, logprobs);
                    // They cover all tokens of the choice.
                    logprobs = "";
                }
                case Part.Refusal refusal ->
                    pieces(refusal.text(), piece -> to.accept(new StreamEvent.RefusalDelta(choice.index(), piece)));
                case Part.Reasoning reasoning -> reasoning(choice.index(), reasoning);
                case Part.ToolCall call -> call(choice.index(), calls++, call);
                case Part.Media media -> to.accept(new StreamEvent.MediaCame(choice.index(), media));
                case Part.Foreign foreign ->
                    to.accept(new StreamEvent.ForeignCame(
                            choice.index(),
                            new Part.Foreign(foreign.dialect(), foreign.kind(), oneLine(foreign.json()))));
                case Part.ToolResult result -> {}
                case Part.CachePoint point -> {}
            }
        }
    }

    private void text(int choice, Part.Text text, String logprobs) {
        String[] first = {logprobs};
        pieces(text.text(), piece -> {
            to.accept(new StreamEvent.TextDelta(choice, piece, first[0]));
            first[0] = "";
        });
        text.citations().forEach(citation -> to.accept(new StreamEvent.Cited(choice, oneLine(citation))));
    }

    private void reasoning(int choice, Part.Reasoning reasoning) {
        pieces(reasoning.text(), piece -> to.accept(new StreamEvent.ReasoningDelta(choice, piece, reasoning.origin())));
        if (!reasoning.signature().isEmpty() || !reasoning.hidden().isEmpty()) {
            to.accept(new StreamEvent.ReasoningSealed(
                    choice, reasoning.signature(), reasoning.hidden(), reasoning.origin()));
        }
    }

    private void call(int choice, int number, Part.ToolCall call) {
        to.accept(new StreamEvent.ToolCallBegan(choice, number, call.id(), call.name(), call.signature()));
        pieces(call.arguments(), piece -> to.accept(new StreamEvent.ToolCallDelta(choice, number, piece)));
    }

    private static Part.Citation oneLine(Part.Citation citation) {
        return new Part.Citation(
                citation.url(),
                citation.title(),
                citation.quote(),
                citation.from(),
                citation.to(),
                citation.dialect(),
                oneLine(citation.json()));
    }

    /** Whole bodies may have line breaks, events may not. Inside its strings JSON has none. */
    private static String oneLine(String json) {
        return json.replace('\n', ' ').replace('\r', ' ');
    }

    /** Surrogate pairs are not split. */
    private static void pieces(String text, Consumer<String> to) {
        int from = 0;
        while (from < text.length()) {
            int end = Math.min(text.length(), from + LONGEST_PIECE);
            if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
            }
            to.accept(text.substring(from, end));
            from = end;
        }
    }
}
