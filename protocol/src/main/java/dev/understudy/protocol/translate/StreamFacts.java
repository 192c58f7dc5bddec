package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerReport;
import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.ChoiceTally;
import dev.understudy.protocol.answer.ToolArguments;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What an answer amounts to: the last frame of a stream, and all of it so far; or a whole answer, as a single frame. */
final class StreamFacts implements AnswerFacts {
    private final ChoiceTally tally = new ChoiceTally();
    private final AnswerText text;

    // Of the last frame.
    private boolean answer;
    private boolean visibleReasoning;
    private boolean reasoned;
    private boolean blank;
    private boolean called;
    private boolean counted;
    private boolean done;
    private boolean pinged;
    private boolean told;
    private Optional<Failure> failure = Optional.empty();
    private int mark;
    private long charactersMark;
    private boolean specialMark;

    // Of all.
    private final ToolArguments arguments = new ToolArguments();
    private StreamEvent.Begin begin = new StreamEvent.Begin("", "", OptionalLong.empty());
    private boolean answered;
    private boolean special;
    private long characters;

    // Of all before the last frame, or before the first frame of a call that is held back.
    private boolean held;
    private int textBefore;
    private boolean specialBefore;
    private long charactersBefore;

    private long contents;
    private Tokens tokens = Tokens.NONE;

    StreamFacts(boolean keepsText) {
        this.text = keepsText ? AnswerText.kept() : AnswerText.ignored();
    }

    /** @param callOpen whether the frame comes behind the beginning of a call that is held back */
    void nextFrame(boolean callOpen) {
        mark = text.mark();
        charactersMark = characters;
        specialMark = special;
        if (!callOpen) {
            textBefore = mark;
            specialBefore = special;
            charactersBefore = characters;
        }
        answer = false;
        visibleReasoning = false;
        reasoned = false;
        blank = false;
        called = false;
        counted = false;
        done = false;
        pinged = false;
        told = false;
        failure = Optional.empty();
    }

    /** The last frame's content is no part of the answer. */
    void takeBack() {
        text.backTo(mark);
        characters = charactersMark;
        special = specialMark;
    }

    /** Whether the last frame is held back with an open call: then what came before the call is all that counts. */
    void hold(boolean callOpen) {
        held = callOpen;
    }

    /** The last frame has content that counts, for the estimate of tokens: most providers send a token in each frame. */
    void countContent() {
        contents++;
    }

    /** How many frames with content there were. */
    long contents() {
        return contents;
    }

    @Override
    public boolean keepsText() {
        return text.isWhole();
    }

    @Override
    public void began(StreamEvent.Begin first) {
        begin = first;
    }

    private void seen(int choice) {
        told = true;
        tally.seen(choice);
    }

    @Override
    public void text(int choice, CharSequence more, long length, boolean invisible) {
        seen(choice);
        if (choice == 0) {
            text.append(more);
        }
        characters(length, invisible);
    }

    @Override
    public void specialText(int choice, long length, boolean invisible) {
        seen(choice);
        special |= length > 0;
        characters(length, invisible);
    }

    private void characters(long length, boolean invisible) {
        characters += length;
        if (!invisible) {
            answer();
        } else {
            blank |= length > 0;
        }
    }

    @Override
    public void otherContent(int choice) {
        seen(choice);
        special = true;
        answer();
    }

    @Override
    public void reasoning(int choice, boolean invisible) {
        seen(choice);
        reasoned = true;
        visibleReasoning |= !invisible;
    }

    @Override
    public void reasoningSealed(int choice) {
        seen(choice);
        reasoned = true;
        visibleReasoning = true;
    }

    @Override
    public void toolCall(int choice, int call, CharSequence more) {
        called = true;
        arguments.more(choice, call, more);
        otherContent(choice);
    }

    @Override
    public void uncheckedToolCall(int choice) {
        called = true;
        arguments.whole(choice);
        otherContent(choice);
    }

    private void answer() {
        answer = true;
        answered = true;
    }

    @Override
    public void ended(int choice, Finish finish) {
        seen(choice);
        if (finish.reason() == Finish.Reason.BREAKDOWN) {
            tally.brokeDown(choice, finish);
        } else {
            tally.finished(choice, word(finish));
        }
    }

    @Override
    public void counted(Tokens count) {
        told = true;
        counted = true;
        tokens = count.or(tokens);
    }

    @Override
    public void failed(Failure what) {
        told = true;
        failure = Optional.of(what);
    }

    @Override
    public void ping() {
        pinged = true;
    }

    @Override
    public void done() {
        done = true;
    }

    /** The finish reason of Chat Completions, by which {@link ChoiceTally} knows those that mean a failure. */
    private static String word(Finish finish) {
        return switch (finish.reason()) {
            // A whole answer may have ended without a reason.
            case OTHER -> finish.word().isEmpty() ? "" : "stop";
            case STOP, STOP_SEQUENCE, PAUSE -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
            case BREAKDOWN -> "error";
        };
    }

    /**
     * The ends that a stream lacks which says that it is over, but not why: one for each choice that has begun and not
     * ended. None if that cannot be believed, because nothing has come that answers, or half a call.
     */
    List<StreamEvent.Ended> unsaidEnds() {
        List<Integer> open = tally.open();
        return answered && arguments.areComplete(open)
                ? open.stream().map(this::unsaidEnd).toList()
                : List.of();
    }

    private StreamEvent.Ended unsaidEnd(int choice) {
        Finish.Reason reason = arguments.any(choice) ? Finish.Reason.TOOL_CALLS : Finish.Reason.STOP;
        return new StreamEvent.Ended(choice, Finish.of(reason, ""));
    }

    /** The first thing that the stream said of itself. */
    StreamEvent.Begin begin() {
        return begin;
    }

    /** Whether the last frame is nothing but a sign of life. */
    boolean isPing() {
        return pinged && !told && !done;
    }

    /** Whether the last frame has something that makes a stream more than blank: text, reasoning, calls, media. */
    boolean isSolid() {
        return answer || visibleReasoning;
    }

    /** Whether the last frame has something of the answer itself: reasoning is none of it. */
    boolean isAnswer() {
        return answer;
    }

    /** Whether anything of the answer itself has come. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether the last frame has reasoning that is not blank, or the signature of some. */
    boolean isReasoning() {
        return visibleReasoning;
    }

    /** Whether the last frame has reasoning, perhaps of nothing but blanks. */
    boolean isBlankReasoning() {
        return reasoned;
    }

    /** Whether the last frame has a piece of a tool call. */
    boolean isToolCall() {
        return called;
    }

    /** Whether the last frame has text of nothing but blanks. */
    boolean isBlank() {
        return blank;
    }

    boolean hasCounted() {
        return counted;
    }

    boolean isDone() {
        return done;
    }

    /** Whether the last frame is nothing but the mark of the end. */
    boolean isDoneMark() {
        return done && !told;
    }

    Optional<Failure> failure() {
        return failure;
    }

    ChoiceTally tally() {
        return tally;
    }

    long characters() {
        return held ? charactersBefore : characters;
    }

    Optional<String> text() {
        return held ? text.textTo(textBefore) : text.text();
    }

    /**
     * Whether all of the answer that came is text of one choice, or nothing at all yet.
     *
     * @param choices how many were requested
     */
    boolean isPlainText(int choices) {
        return text.isWhole()
                && !(held ? specialBefore : special)
                && (characters() == 0 || (choices == 1 && tally.onlyFirst()));
    }

    Usage usage() {
        return new Usage(tokens.prompt(), tokens.completion(), tokens.reportedTotal(), tokens.cached());
    }

    AnswerReport report() {
        return new AnswerReport(begin.model(), tally.reason());
    }

    long completionTokens() {
        long estimate = Math.max(contents, (characters + 3) / 4);
        // Before the end a count may be of what had come when it was made: Anthropic begins with one token.
        return tally.allEnded()
                ? tokens.completion().orElse(estimate)
                : Math.max(tokens.completion().orElse(0), estimate);
    }
}
