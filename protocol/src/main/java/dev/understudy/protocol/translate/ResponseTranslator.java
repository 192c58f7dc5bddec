package dev.understudy.protocol.translate;

import dev.understudy.protocol.answer.AnswerListener;
import dev.understudy.protocol.answer.AnswerRules;
import dev.understudy.protocol.answer.AnswerStream;
import dev.understudy.protocol.answer.StreamOptions;
import dev.understudy.protocol.answer.WholeAnswerResult;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.dialect.openai.OpenAiDialect;
import dev.understudy.protocol.dialect.passthrough.PassThroughDialect;
import dev.understudy.protocol.recovery.ContinuationChunks;
import dev.understudy.protocol.recovery.DeliveredPart;
import dev.understudy.protocol.recovery.Seam;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * How the answers of one attempt are judged and reach the caller: as they come, where both speak the same language, and
 * written anew where they do not.
 *
 * @param from the target's language
 * @param to the caller's
 * @param model as the target calls it, for answers that do not say who gave them
 * @param context what of the request the answer may have to repeat; looked for only where one is written
 * @param rules what makes an answer good
 * @param callersToolNames the caller's names of tools by those that the target was sent
 */
public record ResponseTranslator(
        Dialect from,
        Dialect to,
        String model,
        Supplier<RequestContext> context,
        AnswerRules rules,
        CallerToolNames callersToolNames) {
    private static final String CHAT = new OpenAiDialect().name();

    /** Images and audio travel in single events; anything beyond this is no answer that a caller waits for. */
    private static final int LARGEST_EVENT = 16 * 1024 * 1024;

    /** A request for all that an answer of its dialect may have: Responses leave out reasoning that was not requested. */
    private static final byte[] EVERYTHING = "{\"reasoning\":{\"summary\":\"auto\"}}".getBytes(StandardCharsets.UTF_8);

    /** For targets that were sent the caller's own names of tools. */
    public ResponseTranslator(
            Dialect from, Dialect to, String model, Supplier<RequestContext> context, AnswerRules rules) {
        this(from, to, model, context, rules, new CallerToolNames());
    }

    /** The same, where an answer with nothing in it is welcome. */
    public ResponseTranslator allowingEmpty() {
        return new ResponseTranslator(from, to, model, context, rules.allowingEmpty(), callersToolNames);
    }

    private boolean isVerbatim() {
        return from.name().equals(to.name());
    }

    private boolean isChatThroughout() {
        return isVerbatim() && to.name().equals(CHAT);
    }

    /** Reads a stream from its beginning. */
    public AnswerStream stream(StreamOptions options, AnswerListener listener) {
        if (from instanceof PassThroughDialect) {
            return new PassThroughStream(listener);
        }
        AnswerListener named = named(listener);
        return ofAnyBody(largest -> stream(options, largest, named), named);
    }

    private AnswerStream stream(StreamOptions options, int largestEvent, AnswerListener listener) {
        StreamOutput output = to.takesStreamsOf(from)
                ? StreamOutput.verbatim(from)
                : StreamOutput.written(to, writer(Optional.empty()), model);
        return new DialectStream(from, rules, output, options, largestEvent, listener);
    }

    /**
     * Reads a stream that is appended to what the caller has: the rest of an answer, or all of one if the caller has
     * nothing of it but reasoning.
     *
     * @param resumePoint what the caller has
     * @param first what else it knows of it
     * @param seam made with the caller's text; with {@code ""} everything passes
     * @param options how the stream is read; its text should be kept, for it may break too
     * @param trail the trail of the call, asked for at the end
     */
    public AnswerStream continuing(
            ResumePoint resumePoint,
            DeliveredPart first,
            Seam seam,
            StreamOptions options,
            Supplier<String> trail,
            AnswerListener listener) {
        AnswerListener named = named(listener);
        return ofAnyBody(largest -> continuing(resumePoint, first, seam, options, trail, largest, named), named);
    }

    /** Where an answer is written for the caller, it is written with the caller's names. */
    private AnswerListener named(AnswerListener listener) {
        return isVerbatim() ? callersToolNames.restoredFor(listener, from.framing()) : listener;
    }

    private AnswerStream continuing(
            ResumePoint resumePoint,
            DeliveredPart first,
            Seam seam,
            StreamOptions options,
            Supplier<String> trail,
            int largestEvent,
            AnswerListener listener) {
        if (isChatThroughout()) {
            return new DialectStream(
                    from,
                    rules,
                    StreamOutput.verbatim(from),
                    options,
                    largestEvent,
                    new ContinuationChunks(
                            first,
                            resumePoint.position().begun(),
                            seam,
                            new CallerToolCallIds(
                                    to.toolCallIds(), context.get().body())::of,
                            trail,
                            listener));
        }
        StreamOutput output = StreamOutput.continued(
                to,
                writer(Optional.of(resumePoint)),
                model,
                new ContinuationEvents(first, seam),
                () -> notes().continued(first.id(), first.created(), trail.get()));
        return new DialectStream(from, rules, output, options, largestEvent, listener);
    }

    private StreamWriter writer(Optional<ResumePoint> resumePoint) {
        RequestContext request = context.get();
        StreamWriter blocks = to.streamWriter(request, resumePoint);
        return new CallerStreamWriter(
                to.writesBlocksInTurn() ? new UninterruptedCalls(blocks) : blocks,
                new CallerToolCallIds(to.toolCallIds(), request.body()),
                callersToolNames::of);
    }

    private AnswerStream ofAnyBody(IntFunction<AnswerStream> streams, AnswerListener listener) {
        return new StreamOfAnyBody(from, this::askedOfTarget, streams, LARGEST_EVENT, listener);
    }

    /** What an answer in the target's own dialect has to repeat or to leave out: nothing, if the caller has another. */
    private RequestContext askedOfTarget() {
        return isVerbatim()
                ? context.get()
                : new RequestContext(EVERYTHING.clone(), true, context.get().now());
    }

    /**
     * Tells by which attempts the answer is, to a caller whose response headers were sent before that was known: bytes to
     * be written just before the end of the stream ({@link AnswerListener.EventKind#FINISH}), or between any two of its
     * events. A continued answer tells it already and needs no such bytes.
     *
     * @param first what the caller knows of the answer
     * @param trail the trail of the call
     * @return nothing where the caller's dialect has no room for it
     */
    public byte[] trail(DeliveredPart first, String trail) {
        return notes().trail(first.id(), first.created(), trail);
    }

    private StreamAnnotations notes() {
        return new StreamAnnotations(to, model);
    }

    /**
     * Reads an answer that comes in one piece.
     *
     * @param contentType as the response's head names it; empty if it does not
     */
    public WholeAnswerResult.Reader whole(String contentType) {
        return from instanceof PassThroughDialect
                ? new PassThroughAnswer(contentType.isEmpty() || contentType.contains("json"))
                : new AnswerOfAnyBody(from, rules, contentType, this::askedOfTarget, answers());
    }

    private WholeAnswerResult.Reader answers() {
        return isVerbatim()
                ? callersToolNames.restored(DialectAnswer.verbatim(from, rules))
                : DialectAnswer.written(from, rules, to, model, context.get(), callersToolNames::of);
    }
}
