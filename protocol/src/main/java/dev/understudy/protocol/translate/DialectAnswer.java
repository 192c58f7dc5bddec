package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.ChoiceTally;
import dev.understudy.protocol.answer.InvisibleCharacters;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Tokens;
import java.util.Optional;
import java.util.function.Function;

/**
 * Judges a whole answer of any dialect, as {@link dev.understudy.protocol.chat.ChatAnswer} does for the most frequent
 * case: delivered as it came to a caller of the same dialect, written anew for every other.
 */
public final class DialectAnswer implements WholeAnswerResult.Reader {
    private final Dialect dialect;
    private final AnswerRules rules;
    private final Function<NeutralAnswer, Optional<byte[]>> output;

    private DialectAnswer(Dialect dialect, AnswerRules rules, Function<NeutralAnswer, Optional<byte[]>> output) {
        this.dialect = dialect;
        this.rules = rules;
        this.output = output;
    }

    /** For a caller of the same dialect. */
    public static DialectAnswer verbatim(Dialect dialect, AnswerRules rules) {
        return new DialectAnswer(dialect, rules, answer -> Optional.empty());
    }

    /**
     * For a caller of another one.
     *
     * @param model who answers, if the answer does not say
     */
    public static DialectAnswer written(
            Dialect from, AnswerRules rules, Dialect to, String model, RequestContext context) {
        return new DialectAnswer(from, rules, answer -> Optional.of(to.writeAnswer(answer.givenBy(model), context)));
    }

    @Override
    public WholeAnswerResult read(byte[] array, int offset, int length) {
        NeutralAnswer answer;
        try {
            answer = dialect.readAnswer(array, offset, length);
        } catch (InvalidAnswer none) {
            return new WholeAnswerResult.Rejected(none.failure(), Optional.empty());
        }
        Optional<Failure> wrong = wrongWith(answer);
        if (wrong.isEmpty()) {
            return new WholeAnswerResult.Accepted(usage(answer.tokens()), output.apply(answer));
        }
        return new WholeAnswerResult.Rejected(
                wrong.get(), wrong.get().hasDeliverableAnswer() ? output.apply(answer) : Optional.empty());
    }

    private Optional<Failure> wrongWith(NeutralAnswer answer) {
        ChoiceTally tally = new ChoiceTally();
        boolean something = false;
        for (NeutralAnswer.Choice choice : answer.choices()) {
            tally.seen(choice.index());
            tally.finished(choice.index(), StreamFacts.word(choice.finish()));
            something |= choice.parts().stream().anyMatch(DialectAnswer::answers);
        }
        return AnswerEvaluation.on(tally, something, rules);
    }

    /** Thoughts alone are no answer. */
    private static boolean answers(Part part) {
        return switch (part) {
            case Part.Text text -> !text.text().codePoints().allMatch(InvisibleCharacters::isBlank);
            case Part.Refusal refusal -> !refusal.text().isBlank();
            case Part.ToolCall call -> true;
            case Part.Media media -> true;
            case Part.Foreign foreign -> true;
            case Part.ToolResult result -> false;
            case Part.Reasoning reasoning -> false;
            case Part.CachePoint point -> false;
        };
    }

    private static Usage usage(Tokens tokens) {
        return new Usage(tokens.prompt(), tokens.completion(), tokens.total());
    }
}
