package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.ChoiceTally;
import dev.understudy.protocol.answer.InvisibleCharacters;
import dev.understudy.protocol.answer.ToolArguments;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.List;
import java.util.Optional;

/** What the events of a stream amount to: of the last frame, and of all so far. */
final class StreamFacts {
    private final ChoiceTally tally = new ChoiceTally();
    private final AnswerText text;

    // Of the last frame.
    private boolean solid;
    private boolean answer;
    private boolean reasoned;
    private boolean blank;
    private boolean counted;
    private boolean done;
    private boolean pinged;
    private boolean told;
    private Optional<Failure> failure = Optional.empty();
    private int mark;

    // Of all.
    private final ToolArguments arguments = new ToolArguments();
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
        if (!callOpen) {
            textBefore = text.mark();
            specialBefore = special;
            charactersBefore = characters;
        }
        solid = false;
        answer = false;
        reasoned = false;
        blank = false;
        counted = false;
        done = false;
        pinged = false;
        told = false;
        failure = Optional.empty();
        mark = text.mark();
    }

    /** The last frame's text is no part of the answer. */
    void takeBack() {
        text.backTo(mark);
    }

    /** Whether the last frame is held back with an open call: then what came before the call is all that counts. */
    void hold(boolean callOpen) {
        held = callOpen;
    }

    void take(StreamEvent event) {
        told |= !(event instanceof StreamEvent.Ping);
        switch (event) {
            case StreamEvent.Begin begin -> {}
            case StreamEvent.Ping ping -> pinged = true;
            case StreamEvent.TextDelta delta -> {
                tally.seen(delta.choice());
                if (delta.choice() == 0) {
                    text.append(delta.text());
                }
                words(delta.text());
            }
            case StreamEvent.RefusalDelta delta -> {
                tally.seen(delta.choice());
                special |= !delta.text().isEmpty();
                words(delta.text());
            }
            case StreamEvent.ReasoningDelta delta -> {
                tally.seen(delta.choice());
                reasoned |= !delta.text().isEmpty();
                if (!delta.text().isBlank()) {
                    solid();
                }
            }
            case StreamEvent.ReasoningSealed seal -> {
                tally.seen(seal.choice());
                reasoned = true;
            }
            case StreamEvent.ToolCallBegan call -> {
                arguments.more(call.choice(), call.call(), "", "", "");
                special(call.choice());
            }
            case StreamEvent.ToolCallDelta delta -> {
                arguments.more(delta.choice(), delta.call(), "", "", delta.json());
                special(delta.choice());
            }
            case StreamEvent.MediaCame came -> special(came.choice());
            case StreamEvent.ForeignCame came -> special(came.choice());
            case StreamEvent.Cited cited -> tally.seen(cited.choice());
            case StreamEvent.Ended ended -> {
                tally.seen(ended.choice());
                tally.finished(ended.choice(), word(ended.finish()));
            }
            case StreamEvent.Counted count -> {
                counted = true;
                tokens = count.tokens().or(tokens);
            }
            case StreamEvent.Failed failed -> failure = Optional.of(failed.failure());
            case StreamEvent.Done over -> done = true;
        }
    }

    private void words(String words) {
        characters += words.length();
        if (!words.codePoints().allMatch(InvisibleCharacters::isBlank)) {
            answer();
        } else {
            blank |= !words.isEmpty();
        }
    }

    private void special(int choice) {
        tally.seen(choice);
        special = true;
        answer();
    }

    private void answer() {
        answer = true;
        answered = true;
        solid();
    }

    private void solid() {
        solid = true;
        contents++;
    }

    /** In the words of Chat Completions, in which {@link ChoiceTally} knows the ends that are none. */
    static String word(Finish finish) {
        return switch (finish.reason()) {
            case STOP, STOP_SEQUENCE, PAUSE, OTHER -> "stop";
            case LENGTH -> "length";
            case TOOL_CALLS -> "tool_calls";
            case CONTENT_FILTER, REFUSAL -> "content_filter";
            case BREAKDOWN ->
                switch (finish.word()) {
                    case "abort", "insufficient_system_resource" -> finish.word();
                    default -> "error";
                };
        };
    }

    /**
     * The ends that a stream lacks which says that it is over, but not why: one for each choice that has begun and not
     * ended. None if that cannot be believed, because nothing has come that answers, or half a call.
     */
    List<StreamEvent.Ended> unsaidEnds() {
        return answered && arguments.areComplete()
                ? tally.open().stream().map(this::unsaidEnd).toList()
                : List.of();
    }

    private StreamEvent.Ended unsaidEnd(int choice) {
        Finish.Reason reason = arguments.any(choice) ? Finish.Reason.TOOL_CALLS : Finish.Reason.STOP;
        return new StreamEvent.Ended(choice, Finish.of(reason, ""));
    }

    /** Whether the last frame is nothing but a sign of life. */
    boolean isPing() {
        return pinged && !told;
    }

    /** Whether the last frame has something that makes a stream more than blank: text, reasoning, calls, media. */
    boolean isSolid() {
        return solid;
    }

    /** Whether the last frame has something of the answer itself: reasoning is none of it. */
    boolean isAnswer() {
        return answer;
    }

    /** Whether anything of the answer itself has come. */
    boolean isAnswered() {
        return answered;
    }

    /** Whether the last frame has reasoning, or a seal of it. */
    boolean isReasoning() {
        return reasoned;
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
     * @param choices how many were asked for
     */
    boolean isPlainText(int choices) {
        return text.isWhole()
                && !(held ? specialBefore : special)
                && (characters() == 0 || (choices == 1 && tally.onlyFirst()));
    }

    Usage usage() {
        return new Usage(tokens.prompt(), tokens.completion(), tokens.total());
    }

    long completionTokens() {
        long estimate = Math.max(contents, (characters + 3) / 4);
        // Before the end a count may be of what had come when it was made: Anthropic begins with one token.
        return tally.allEnded()
                ? tokens.completion().orElse(estimate)
                : Math.max(tokens.completion().orElse(0), estimate);
    }
}
