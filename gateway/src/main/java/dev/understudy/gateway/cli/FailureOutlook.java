package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Quantities;
import dev.understudy.engine.Concern;
import dev.understudy.engine.Disposition;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Step;
import java.util.stream.Collectors;

/** Describes what follows from each kind of failure of a plan's first target: the engine's own table for one chain. */
final class FailureOutlook {
    private final Plan plan;
    private final Step first;
    private final boolean hasNext;

    FailureOutlook(Plan plan) {
        this.plan = plan;
        this.first = plan.chain().getFirst();
        this.hasNext = plan.chain().size() > 1;
    }

    TextTable table() {
        TextTable table = new TextTable("IF IT FAILS WITH", "RETRY", "NEXT TARGET", "HEALTH");
        for (FailureKind kind : FailureKind.values()) {
            table.row(kind.wireName(), retry(kind), next(kind), health(kind));
        }
        return table;
    }

    private String retry(FailureKind kind) {
        Disposition disposition = kind.disposition();
        if (disposition.retry() == Disposition.Retry.REWRITTEN) {
            return "once, in another form";
        }
        int attempts = first.retry().attempts();
        if (attempts == 0) {
            return "no";
        }
        String times = attempts == 1 ? "once" : "up to " + attempts + " times";
        return switch (disposition.retry()) {
            case NEVER, REWRITTEN -> "no";
            case IF_QUICK -> times + ", if it failed quickly";
            case AFTER_BACKOFF -> times + ", after a backoff";
            case IF_ALONE -> alone(times);
            case IF_HINT_FITS ->
                times + ", if the provider's hint is "
                        + Quantities.text(first.retry().patience()) + " or less";
        };
    }

    /** Retries at the last target have no count of their own unless one is set: time and budget end them. */
    private String alone(String times) {
        String retries =
                first.retry().persistent() ? "with backoff, while time and budget last" : times + ", after a backoff";
        return hasNext ? "if no other target is left: " + retries : retries;
    }

    private String next(FailureKind kind) {
        return switch (kind.disposition().next()) {
            case NEVER -> "no: the call ends";
            case YES -> hasNext ? "yes" : "there is none";
            case ONCE_PER_CALL -> hasNext ? "yes, once in a call" : "there is none";
            case REFUSAL -> hasNext ? "another model, up to three refusals in a call" : "there is none";
            case LARGER_WINDOW -> hasNext ? "if its window is larger or unknown" : "there is none";
            case OPT_IN -> optIn(kind);
        };
    }

    private String optIn(FailureKind kind) {
        if (plan.instead().containsKey(kind)) {
            return "yes: "
                    + plan.instead().get(kind).stream()
                            .map(step -> step.target().name())
                            .collect(Collectors.joining(", "));
        }
        if (plan.fallbackOn().kinds().contains(kind)) {
            return hasNext ? "yes, by fallback-on" : "there is none";
        }
        return "if the request names a target for it, or by fallback-on";
    }

    private String health(FailureKind kind) {
        Disposition disposition = kind.disposition();
        return switch (disposition.effect()) {
            case NONE -> "-";
            case COUNTS -> counts(kind);
            case COUNTS_ACROSS_CALLERS ->
                "counts against the " + scope(disposition) + " only when it happens to different callers";
            case COOLS ->
                "cools the " + scope(disposition) + " at once, for the time of its hint, else "
                        + Quantities.text(first.cooldown().base()) + " or more";
            case COOLS_LONG ->
                "cools the " + scope(disposition) + " for "
                        + Quantities.text(first.cooldown().credential())
                        + (disposition.concern() == Concern.CREDENTIAL_SUSPECTED
                                ? ", if the provider says so plainly or of two models"
                                : "");
            case QUALITY -> "counted, cools nothing";
        };
    }

    private String counts(FailureKind kind) {
        int after = first.cooldown().after();
        String hint = kind == FailureKind.RATE_LIMITED || kind == FailureKind.OVERLOADED
                ? "; a hint of the provider cools it at once, for up to "
                        + Quantities.text(first.cooldown().hintCap())
                : "";
        return "the " + after + ordinal(after) + " in a row cools the " + scope(kind.disposition()) + " for "
                + Quantities.text(first.cooldown().base()) + " or more" + hint;
    }

    private static String scope(Disposition disposition) {
        return switch (disposition.concern()) {
            case REQUEST -> "request";
            case TARGET -> "target";
            case CREDENTIAL_SUSPECTED, CREDENTIAL -> "credential";
            case PROVIDER -> "provider";
        };
    }

    private static String ordinal(int number) {
        boolean isTeen = number % 100 >= 11 && number % 100 <= 13;
        return switch (isTeen ? 0 : number % 10) {
            case 1 -> "st";
            case 2 -> "nd";
            case 3 -> "rd";
            default -> "th";
        };
    }
}
