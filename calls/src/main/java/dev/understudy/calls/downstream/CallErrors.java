package dev.understudy.calls.downstream;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.failure.AttemptLine;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The error of a call that no target could answer: the most useful failure, with every attempt behind it. */
public final class CallErrors {
    private CallErrors() {}

    /** The error, to be written in the caller's dialect. */
    public static ErrorResponse of(Verdict verdict, List<TrailEntry> trail) {
        return new ErrorResponse(verdict.status(), verdict.shown().kind(), details(verdict, trail), attempts(trail));
    }

    /** Whole seconds for a {@code Retry-After}, rounded up: an early retry is a wasted one. */
    public static String seconds(long nanos) {
        return Long.toString(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999)));
    }

    private static ErrorDetails details(Verdict verdict, List<TrailEntry> trail) {
        Failure shown = verdict.shown();
        ErrorDetails details = shown.details();
        FailureKind kind = shown.kind();
        String message = details.message().isEmpty() ? kind.wireName() : details.message();
        long attempts = trail.stream().filter(TrailEntry::isAttempt).count();
        // A caller that can fix the request gets the provider's own message; in all other cases the attempts are
        // listed.
        boolean fixable = kind.isFixableByCaller() && verdict.status() < 500;
        return new ErrorDetails(
                fixable || attempts == 0 ? message : message + summary(trail, attempts),
                details.type().isEmpty() ? typeOf(verdict.status()) : details.type(),
                details.param(),
                details.code().isEmpty() ? kind.wireName() : details.code());
    }

    private static String summary(List<TrailEntry> trail, long attempts) {
        StringBuilder text = new StringBuilder(attempts == 1 ? " (1 attempt: " : " (" + attempts + " attempts: ");
        String separator = "";
        for (TrailEntry entry : trail) {
            if (entry.isAttempt()) {
                text.append(separator).append(entry.target()).append(' ').append(entry.outcome());
                separator = ", ";
            }
        }
        return text.append(')').toString();
    }

    private static String typeOf(int status) {
        return switch (status) {
            case 429 -> "rate_limit_error";
            case 504 -> "timeout_error";
            default -> status < 500 ? "invalid_request_error" : "upstream_error";
        };
    }

    private static List<AttemptLine> attempts(List<TrailEntry> trail) {
        return trail.stream()
                .filter(TrailEntry::isAttempt)
                .map(entry -> new AttemptLine(
                        entry.target(),
                        entry.outcome(),
                        entry.failure().map(Failure::status).orElse(0),
                        entry.failure().map(Failure::message).orElse(""),
                        TimeUnit.NANOSECONDS.toMillis(entry.duration())))
                .toList();
    }
}
