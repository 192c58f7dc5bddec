package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerEvaluation;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ToolArguments;
import dev.understudy.protocol.neutral.AnswerEvents;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

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
        return written(from, rules, to, model, context, UnaryOperator.identity());
    }

    /** @param callersToolNames turns the name of a tool in the answer into the caller's name of it */
    public static DialectAnswer written(
            Dialect from,
            AnswerRules rules,
            Dialect to,
            String model,
            RequestContext context,
            UnaryOperator<String> callersToolNames) {
        return new DialectAnswer(
                from,
                rules,
                Optional.of(answer ->
                        to.writeAnswer(fitted(answer.givenBy(model), to, context, callersToolNames), context)));
    }

    /**
     * The answer with ids that its caller can send back, and the caller's names of the tools. A call whose arguments were cut off by the output limit is left out
     * where the dialect could only present it as a whole one.
     */
    private static NeutralAnswer fitted(
            NeutralAnswer answer, Dialect to, RequestContext context, UnaryOperator<String> toolNames) {
        CallerToolCallIds ids = new CallerToolCallIds(to.toolCallIds(), context.body());
        List<NeutralAnswer.Choice> choices = new ArrayList<>();
        for (NeutralAnswer.Choice choice : answer.choices()) {
            boolean dropsHalves = to.hasArgumentObjects() && choice.finish().reason() == Finish.Reason.LENGTH;
            List<Part> parts = new ArrayList<>();
            int calls = 0;
            for (Part part : choice.parts()) {
                if (!(part instanceof Part.ToolCall call)) {
                    parts.add(part);
                } else if (!(dropsHalves && ToolArguments.of(call.arguments()).malformed())) {
                    String id = ids.of(call.id(), answer.id(), choice.index(), calls++);
                    parts.add(new Part.ToolCall(id, toolNames.apply(call.name()), call.arguments(), call.signature()));
                }
            }
            choices.add(new NeutralAnswer.Choice(choice.index(), parts, choice.finish(), choice.logprobs()));
        }
        return new NeutralAnswer(
                answer.id(), answer.model(), answer.created(), choices, answer.tokens(), answer.serviceTier());
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
            return new WholeAnswerResult.Accepted(facts.usage(), facts.report(), written.get());
        }
        return new WholeAnswerResult.Rejected(
                wrong.get(), wrong.get().hasDeliverableAnswer() ? written.get() : Optional.empty());
    }
}
