package dev.understudy.gateway.cli;

import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Defaults;
import dev.understudy.gateway.config.Quantities;
import dev.understudy.protocol.options.WhenLate;
import java.time.Duration;
import java.util.Optional;

/** A route's late marks and limits as the cells of a table. */
record LimitCells(
        String target,
        String connect,
        String firstToken,
        String idle,
        String answer,
        String reasoning,
        String whenLate,
        String reasons,
        String retries,
        String window) {

    static LimitCells of(Route route) {
        return new LimitCells(
                route.target().name(),
                text(route.timeouts().connect()),
                text(route.timeouts().firstToken()),
                text(route.timeouts().idle()),
                text(route.timeouts().answer()),
                text(route.timeouts().reasoning()),
                (route.timeouts().cancels() ? WhenLate.CANCEL : WhenLate.HEDGE).wireName(),
                switch (route.capabilities().reasons()) {
                    case YES -> "yes";
                    case NO -> "no";
                    case UNKNOWN -> "if asked";
                },
                String.valueOf(route.retry().attempts()),
                route.contextWindow().isPresent()
                        ? String.valueOf(route.contextWindow().getAsInt())
                        : "-");
    }

    /** A deadline, or what holds where nobody sets one. */
    static String deadline(Optional<Duration> set) {
        return set.map(LimitCells::text)
                .orElse(text(Defaults.USUAL_DEADLINE) + " (" + text(Defaults.REASONING_DEADLINE) + " for reasoning)");
    }

    static String text(Duration duration) {
        return Quantities.text(duration);
    }
}
