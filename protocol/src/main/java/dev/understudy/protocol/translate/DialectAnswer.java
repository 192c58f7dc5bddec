package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.neutral.AnswerEvents;
import dev.understudy.protocol.neutral.NeutralAnswer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Judges a whole answer of any dialect. For a caller of the same dialect it is delivered as it came, and only its facts are
 * read; for every other it is written in that caller's dialect.
 */
public final class DialectAnswer implements WholeAnswerResult.Reader {
    private final Dialect dialect;
    private final AnswerRules rules;
    private final Optional<Function<NeutralAnswer, byte[]>> output;

    private DialectAnswer(Dialect dialect, AnswerRules rules, Optional<Function<NeutralAnswer, byte[]>> output) {
        this.dialect = dialect;
        this.rules = rules;
        this.output = output;
    }

    /** For a caller of the same dialect. */
    public static DialectAnswer verbatim(Dialect dialect, AnswerRules rules) {
        return new DialectAnswer(dialect, rules, Optional.empty());
    }

    /**
     * For a caller of another one.
     *
     * @param model the model that is named if the answer names none
     */
    public static DialectAnswer written(
            Dialect from, AnswerRules rules, Dialect to, String model, RequestContext context) {
        return written(from, rules, answer -> to.writeAnswer(answer.givenBy(model), context));
    }

    /** @param writer writes the answer in the caller's dialect */
    public static DialectAnswer written(Dialect from, AnswerRules rules, Function<NeutralAnswer, byte[]> writer) {
        return new DialectAnswer(from, rules, Optional.of(writer));
    }

    @Override
    public WholeAnswerResult read(byte[] array, int offset, int length) {
        StreamFacts facts = new StreamFacts(false);
        try {
            if (output.isEmpty()) {
                dialect.readAnswerFacts(array, offset, length, facts);
                return judged(facts, Optional::empty);
            }
            NeutralAnswer answer = dialect.readAnswer(array, offset, length);
            AnswerEvents.tell(answer, facts::take);
            return judged(facts, () -> output.map(writer -> writer.apply(answer)));
        } catch (InvalidAnswer none) {
            return new WholeAnswerResult.Rejected(none.failure(), Optional.empty());
        }
    }

    private WholeAnswerResult judged(StreamFacts facts, Supplier<Optional<byte[]>> written) {
        Optional<Failure> wrong = AnswerEvaluation.on(facts.tally(), facts.isAnswered(), rules);
        if (wrong.isEmpty()) {
            return new WholeAnswerResult.Accepted(facts.usage(), written.get());
        }
        return new WholeAnswerResult.Rejected(
                wrong.get(), wrong.get().hasDeliverableAnswer() ? written.get() : Optional.empty());
    }
}
