package dev.understudy.gateway.call;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.TrailEntry;
import dev.understudy.engine.Verdict;
import dev.understudy.protocol.dialect.ErrorResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a caller reads when nobody could answer: the most useful error, and every attempt behind it. */
final class CallErrors {
    private CallErrors() {}

    /** The error, to be written in the caller's language. */
    static ErrorResponse of(Verdict verdict, List<TrailEntry> trail) {
        return new ErrorResponse(verdict.status(), verdict.shown().kind(), words(verdict, trail), attempts(trail));
    }

    /** Whole seconds for a {@code Retry-After}, rounded up: an early retry is a wasted one. */
    static String seconds(long nanos) {
        return Long.toString(Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999)));
    }

    private static ErrorDetails words(Verdict verdict, List<TrailEntry> trail) {
        Failure shown = verdict.shown();
        ErrorDetails said = shown.words();
        FailureKind kind = shown.kind();
        String message = said.message().isEmpty() ? kind.wireName() : said.message();
        long asked = trail.stream().filter(TrailEntry::isAttempt).count();
        // Who can mend the request reads the provider's own words; everybody else, what was tried.
        boolean mendable = kind.isFixableByCaller() && verdict.status() < 500;
        return new ErrorDetails(
                mendable || asked == 0 ? message : message + summary(trail, asked),
                said.type().isEmpty() ? typeOf(verdict.status()) : said.type(),
                said.param(),
                said.code().isEmpty() ? kind.wireName() : said.code());
    }

    private static String summary(List<TrailEntry> trail, long asked) {
        StringBuilder text = new StringBuilder(asked == 1 ? " (1 attempt: " : " (" + asked + " attempts: ");
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

    private static List<ErrorResponse.AttemptLine> attempts(List<TrailEntry> trail) {
        return trail.stream()
                .filter(TrailEntry::isAttempt)
                .map(entry -> new ErrorResponse.AttemptLine(
                        entry.target(),
                        entry.outcome(),
                        entry.failure().map(Failure::status).orElse(0),
                        entry.failure().map(Failure::message).orElse(""),
                        TimeUnit.NANOSECONDS.toMillis(entry.duration())))
                .toList();
    }
}
