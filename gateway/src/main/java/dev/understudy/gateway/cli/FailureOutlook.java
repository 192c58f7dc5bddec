package dev.understudy.gateway.cli;

import dev.understudy.engine.Disposition;
import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Quantities;
import java.util.List;
import java.util.Locale;

/** What would follow from each kind of failure, in words: the engine's own table for one chain. */
final class FailureOutlook {
    private final Route first;
    private final boolean hasNext;

    /** @param chain never empty; the words are those for its first target */
    FailureOutlook(List<Route> chain) {
        this.first = chain.getFirst();
        this.hasNext = chain.size() > 1;
    }

    TextTable table() {
        TextTable table = new TextTable("IF IT FAILS WITH", "THE SAME TARGET AGAIN", "THE NEXT TARGET", "HEALTH");
        for (FailureKind kind : FailureKind.values()) {
            Disposition disposition = kind.disposition();
            table.row(kind.wireName(), again(disposition), next(disposition), health(disposition));
        }
        return table;
    }

    private String again(Disposition disposition) {
        if (disposition.again() == Disposition.Again.PUT_DIFFERENTLY) {
            return "once, put differently";
        }
        int attempts = first.retry().attempts();
        if (attempts == 0) {
            return "no";
        }
        String times = attempts == 1 ? "once" : "up to " + attempts + " times";
        return switch (disposition.again()) {
            case NEVER, PUT_DIFFERENTLY -> "no";
            case IF_QUICK -> times + ", if it failed quickly";
            case AFTER_BACKOFF -> times + ", after a backoff";
            case IF_ALONE -> hasNext ? "no" : times + ", after a backoff";
            case IF_HINT_FITS ->
                times + ", if told to wait " + Quantities.text(first.retry().patience()) + " or less";
        };
    }

    private String next(Disposition disposition) {
        return switch (disposition.next()) {
            case NEVER -> "no: the call ends";
            case YES -> hasNext ? "yes" : "there is none";
            case ONCE_PER_CALL -> hasNext ? "yes, once in a call" : "there is none";
            case REFUSAL -> hasNext ? "yes, up to three refusals in a call" : "there is none";
            case LARGER_WINDOW -> hasNext ? "if its window is larger or unknown" : "there is none";
            case OPT_IN -> "if the call names one for it";
        };
    }

    private String health(Disposition disposition) {
        String scope = disposition.concern().name().toLowerCase(Locale.ROOT);
        return switch (disposition.effect()) {
            case NONE -> "-";
            case COUNTS ->
                "the " + first.cooldown().after() + ordinal(first.cooldown().after()) + " in a row cools the " + scope
                        + " for " + Quantities.text(first.cooldown().base()) + " or more";
            case COUNTS_ACROSS_CALLERS -> "counts when different callers meet it";
            case COOLS ->
                "cools the " + scope + " at once, for the time it asks for, else "
                        + Quantities.text(first.cooldown().base()) + " or more";
            case COOLS_LONG ->
                "cools the " + scope + " for "
                        + Quantities.text(first.cooldown().credential());
            case QUALITY -> "counted, cools nobody";
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
