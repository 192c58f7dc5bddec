package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.Blanks;
import dev.understudy.protocol.answer.ChoiceTally;
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
    private boolean thinking;
    private long characters;
    private long contents;
    private Tokens tokens = Tokens.NONE;

    StreamFacts(boolean keepsText) {
        this.text = keepsText ? AnswerText.kept() : AnswerText.ignored();
    }

    void nextFrame() {
        solid = false;
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
            case StreamEvent.ThinkingDelta delta -> {
                tally.seen(delta.choice());
                if (!delta.text().isBlank()) {
                    content(true);
                }
            }
            case StreamEvent.ThinkingSealed seal -> tally.seen(seal.choice());
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
        if (!words.codePoints().allMatch(Blanks::isBlank)) {
            content(false);
        } else {
            blank |= !words.isEmpty();
        }
    }

    private void special(int choice) {
        tally.seen(choice);
        special = true;
        content(false);
    }

    private void content(boolean isThought) {
        solid = true;
        answered |= !isThought;
        thinking = isThought;
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

    /** Whether the last frame has something of the answer: words, thoughts, calls, media. */
    boolean isSolid() {
        return solid;
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
        return characters;
    }

    Optional<String> text() {
        return text.text();
    }

    /** Whether all that came is text, of one choice, and the model does not think. */
    boolean isPlainText() {
        return text.isWhole() && !special && !thinking && tally.onlyFirst();
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
