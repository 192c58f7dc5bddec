package dev.understudy.protocol.translate;

import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerReading;
import dev.understudy.protocol.chat.ChatAnswer;
import dev.understudy.protocol.chat.ChatStream;
import dev.understudy.protocol.chat.recovery.ContinuedChunks;
import dev.understudy.protocol.chat.recovery.FirstPart;
import dev.understudy.protocol.chat.recovery.RecoveryMark;
import dev.understudy.protocol.chat.recovery.Seam;
import dev.understudy.protocol.dialect.Asked;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.Resume;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.plain.PlainDialect;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the answers of one attempt are judged and reach the caller: as they come, where both speak the same language, and
 * written anew where they do not.
 *
 * @param from the target's language
 * @param to the caller's
 * @param model as the target calls it, for answers that do not say who gave them
 * @param asked what of the request the answer may have to repeat; looked for only where one is written
 * @param rules what makes an answer good
 */
public record Rendering(Dialect from, Dialect to, String model, Supplier<Asked> asked, AnswerRules rules) {
    private static final String CHAT = new OpenAiDialect().name();

    /** Images and audio travel in single events; anything beyond this is no answer that a caller waits for. */
    private static final int LARGEST_EVENT = 16 * 1024 * 1024;

    /** The same, where an answer with nothing in it is welcome. */
    public Rendering allowingEmpty() {
        return new Rendering(from, to, model, asked, rules.allowingEmpty());
    }

    private boolean isVerbatim() {
        return from.name().equals(to.name());
    }

    private boolean isChatThroughout() {
        return isVerbatim() && to.name().equals(CHAT);
    }

    /** Reads a stream from its beginning. */
    public AnswerStream stream(StreamOptions options, AnswerListener listener) {
        if (isChatThroughout()) {
            return new ChatStream(rules, LARGEST_EVENT, options, listener);
        }
        if (from instanceof PlainDialect) {
            return new PlainStream(listener);
        }
        Output output = to.takesStreamsOf(from)
                ? Output.verbatim(from)
                : Output.written(to.streamWriter(asked.get(), Optional.empty()), model);
        return new DialectStream(from, rules, output, options, LARGEST_EVENT, listener);
    }

    /**
     * Reads a stream that is appended to what the caller has: the rest of an answer, or all of one if the caller has
     * nothing of it but reasoning.
     *
     * @param resume what the caller has
     * @param first what else it knows of it
     * @param seam made with the caller's text; with {@code ""} everything passes
     * @param options how the stream is read; its text should be kept, for it may break too
     * @param trail the trail of the call, asked for at the end
     */
    public AnswerStream continuing(
            Resume resume,
            FirstPart first,
            Seam seam,
            StreamOptions options,
            Supplier<String> trail,
            AnswerListener listener) {
        if (isChatThroughout()) {
            return new ChatStream(
                    rules,
                    LARGEST_EVENT,
                    options,
                    new ContinuedChunks(first, resume.place().begun(), seam, trail, listener));
        }
        Output output = Output.continued(
                to.streamWriter(asked.get(), Optional.of(resume)),
                model,
                new ContinuedEvents(first, seam),
                () -> mark(first, trail.get()));
        return new DialectStream(from, rules, output, options, LARGEST_EVENT, listener);
    }

    /** Tells that two attempts made the answer: in a chunk where chunks may say so, and in a remark elsewhere. */
    private byte[] mark(FirstPart first, String trail) {
        return to.name().equals(CHAT)
                ? RecoveryMark.continued(first.id(), first.created(), model, trail)
                : to.remark("understudy recovery=continue trail=" + trail);
    }

    /** Reads an answer that comes in one piece. */
    public WholeAnswerReading.Reader whole(boolean json) {
        if (isChatThroughout()) {
            return this::chat;
        }
        if (from instanceof PlainDialect) {
            return new PlainAnswer(json);
        }
        return isVerbatim()
                ? DialectAnswer.verbatim(from, rules)
                : DialectAnswer.written(from, rules, to, model, asked.get());
    }

    private WholeAnswerReading chat(byte[] array, int offset, int length) {
        return switch (ChatAnswer.read(array, offset, length, rules)) {
            case ChatAnswer.Accepted(var facts) -> new WholeAnswerReading.Accepted(facts.usage(), Optional.empty());
            case ChatAnswer.Rejected(var failure) -> new WholeAnswerReading.Rejected(failure, Optional.empty());
        };
    }
}
