package dev.understudy.gateway.cli;

import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Quantities;
import java.time.Duration;

/** A route's limits as the cells of a table. */
record Limits(
        String target, String connect, String firstToken, String idle, String answer, String retries, String window) {

    static Limits of(Route route) {
        return new Limits(
                route.target().name(),
                text(route.timeouts().connect()),
                text(route.timeouts().firstToken()),
                text(route.timeouts().idle()),
                text(route.timeouts().answer()),
                String.valueOf(route.retry().attempts()),
                route.contextWindow().isPresent()
                        ? String.valueOf(route.contextWindow().getAsInt())
                        : "-");
    }

    static String text(Duration duration) {
        return Quantities.text(duration);
    }
}
