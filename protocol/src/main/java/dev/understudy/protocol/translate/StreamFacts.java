package dev.understudy.protocol.translate;

import dev.understudy.engine.Failure;
import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.Blanks;
import dev.understudy.protocol.answer.ChoiceTally;
import dev.understudy.protocol.answer.Usage;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
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
    private Optional<Failure> failure = Optional.empty();
    private int mark;

    // Of all.
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
        failure = Optional.empty();
        mark = text.mark();
    }

    /** The last frame's text is no part of the answer. */
    void takeBack() {
        text.backTo(mark);
    }

    void take(StreamEvent event) {
        switch (event) {
            case StreamEvent.Begin begin -> {}
            case StreamEvent.Ping ping -> {}
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
            case StreamEvent.ToolCallBegan call -> special(call.choice());
            case StreamEvent.ToolCallDelta delta -> special(delta.choice());
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
