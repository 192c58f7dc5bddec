package dev.understudy.gateway.cli;

import dev.understudy.engine.AttemptKind;
import dev.understudy.engine.FailureKind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Describes the result of a call in two lines, with the same columns for all calls:
 *
 * <pre>
 *   The first choice is down                        200  rehearsal/ok answered       18 ms
 *     rehearsal/down: server error (12 ms), then rehearsal/ok: answered (5 ms)
 * </pre>
 */
public final class DemoReport {

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private final boolean colour;
    private final int descriptionWidth;
    private final int answererWidth;

    private DemoReport(boolean colour, int descriptionWidth, int answererWidth) {
        this.colour = colour;
        this.descriptionWidth = descriptionWidth;
        this.answererWidth = answererWidth;
    }

    /**
     * A report with room for these calls.
     *
     * @param calls all that will be reported
     * @param colour whether the output takes colours; see {@link #takesColour}
     */
    public static DemoReport of(List<DemoCall> calls, boolean colour) {
        int description = widest(calls.stream().map(DemoCall::description).toList());
        int answerer = widest(calls.stream()
                .flatMap(call -> Stream.concat(Stream.of(call.model()), call.fallbacks().stream()))
                .map(DemoReport::shortName)
                .toList());
        return new DemoReport(colour, description, answerer + " answered".length());
    }

    /**
     * Whether to colour: only for a terminal, and not if {@code NO_COLOR} is set to anything (no-color.org) or the
     * terminal says that it is dumb.
     */
    public static boolean takesColour(Map<String, String> environment, boolean terminal) {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Two lines, without a line end behind the last. */
    public String format(PlayedCall call) {
        DemoCall.Ends ends = call.ends();
        String answerer = shortName(call.answeredBy().orElse("no target"))
                + switch (ends) {
                    case ANSWERED, IN_AN_ERROR -> " answered";
                    case CONTINUED -> " continued";
                };
        String summary = "  " + pad(call.description(), descriptionWidth) + "  "
                + paint(ends == DemoCall.Ends.IN_AN_ERROR ? RED : GREEN, String.valueOf(call.status())) + "  "
                + pad(answerer, Math.max(answererWidth, "no target answered".length())) + "  "
                + "%9s".formatted(time(call.totalMillis()));
        return summary + "\n    " + paint(FAINT, attempts(call.attempts()));
    }

    private static String attempts(List<PlayedCall.Attempt> attempts) {
        if (attempts.isEmpty()) {
            return "no target was tried";
        }
        return attempts.stream()
                .map(attempt -> attempt.target() + ": " + described(attempt) + " (" + time(attempt.millis()) + ")")
                .collect(Collectors.joining(", then "));
    }

    /** Describes an outcome. One that is unknown here is shown as it is. */
    private static String described(PlayedCall.Attempt attempt) {
        if (attempt.answered()) {
            return described(attempt.attemptKind());
        }
        String outcome = attempt.outcome();
        return Arrays.stream(FailureKind.values())
                .filter(kind -> kind.wireName().equals(outcome))
                .map(DemoReport::described)
                .findFirst()
                .orElse(outcome);
    }

    private static String described(AttemptKind attemptKind) {
        return switch (attemptKind) {
            case PRIMARY, RETRY, FALLBACK -> "answered";
            case HEDGE -> "answered first";
            case CONTINUATION -> "continued the answer";
            case RESTART -> "answered from the start";
        };
    }

    private static String described(FailureKind kind) {
        return switch (kind) {
            case CONNECTION -> "no connection";
            case SERVER_ERROR -> "server error";
            case OVERLOADED -> "overloaded";
            case RATE_LIMITED -> "rate limited";
            case QUOTA -> "quota used up";
            case AUTH -> "key refused";
            case UNKNOWN_MODEL -> "unknown model";
            case NOT_READY -> "model not loaded yet";
            case TIMEOUT_CONNECT -> "no connection in time";
            case TIMEOUT_FIRST_TOKEN -> "no content in time";
            case TIMEOUT_IDLE -> "stalled";
            case DEADLINE -> "deadline passed";
            case CONTEXT_LENGTH -> "prompt too long";
            case CONTENT_POLICY -> "stopped by its content filter";
            case UNSUPPORTED -> "lacks what the request needs";
            case BAD_REQUEST -> "request refused";
            case FORBIDDEN -> "forbidden";
            case MALFORMED -> "malformed answer";
            case EMPTY -> "blank answer";
            case TRUNCATED -> "broke off";
            case INVALID_OUTPUT -> "not what the request demands";
            case CONTINUATION_REFUSED -> "rejects this form of continuation";
            case GATEWAY_BUSY -> "gateway busy";
            case CANCELLED -> "cancelled";
        };
    }

    /** Without the parameters of an act, which matter in the attempts only. */
    private static String shortName(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static String time(long millis) {
        return millis < 10_000 ? millis + " ms" : Duration.ofMillis(millis).toSeconds() + " s";
    }

    private static int widest(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private String paint(String paint, String text) {
        return colour ? paint + text + PLAIN : text;
    }
}
