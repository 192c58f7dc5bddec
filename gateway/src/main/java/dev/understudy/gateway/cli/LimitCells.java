package dev.understudy.gateway.cli;

import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Defaults;
import dev.understudy.calls.config.Quantities;
import dev.understudy.calls.plan.PlannedCall;
import dev.understudy.calls.plan.PlannedTarget;
import dev.understudy.engine.Group;
import dev.understudy.engine.Step;
import dev.understudy.protocol.options.WhenLate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One step of a plan as the cells of a table: its target, its late marks and its limits.
 *
 * @param key the number of the provider's key that the step uses, from 1
 * @param place of the step in the chain, from 1; for a member of a group that of the group, a dot and the member's
 */
record LimitCells(Step step, PlannedTarget planned, int key, String place) {

    /** The rows of a plan's chain, in order. */
    static List<LimitCells> of(PlannedCall call) {
        return of(call, 0);
    }

    /** The same behind a target that is not part of the plan. */
    static List<LimitCells> behindFirst(PlannedCall call) {
        return of(call, 1);
    }

    private static List<LimitCells> of(PlannedCall call, int before) {
        List<LimitCells> rows = new ArrayList<>();
        Map<String, Integer> keys = new HashMap<>();
        Optional<Group> last = Optional.empty();
        int place = before;
        for (Step step : call.plan().chain()) {
            int key = keys.merge(step.target().name(), 1, Integer::sum);
            Optional<Group> group = GroupLines.groupOf(step, call.plan());
            if (group.isEmpty() || !group.equals(last)) {
                place++;
            }
            last = group;
            String member =
                    group.map(of -> "." + (GroupLines.memberOf(step, of) + 1)).orElse("");
            rows.add(new LimitCells(step, call.targets().get(step.id()), key, place + member));
        }
        return rows;
    }

    String name() {
        return step.target().name();
    }

    /** The target; with the number of the key, if it is not the provider's first. */
    String target() {
        return key == 1 ? name() : name() + " (key " + key + ")";
    }

    String connect() {
        return text(step.timeouts().connect());
    }

    String firstToken() {
        return text(step.timeouts().firstToken());
    }

    String idle() {
        return text(step.timeouts().idle());
    }

    String answer() {
        return text(step.timeouts().answer());
    }

    String reasoning() {
        return text(step.timeouts().reasoning());
    }

    String whenLate() {
        return (step.timeouts().cancels() ? WhenLate.CANCEL : WhenLate.HEDGE).wireName();
    }

    /** Whether the model reasons, as far as that does not depend on the request. */
    String reasons() {
        return switch (route().capabilities().reasons()) {
            case YES -> "yes";
            case NO -> "no";
            case UNKNOWN -> "on request";
        };
    }

    String retries() {
        return String.valueOf(step.retry().attempts());
    }

    String window() {
        return step.contextWindow().isPresent()
                ? String.valueOf(step.contextWindow().getAsInt())
                : "-";
    }

    private Route route() {
        return planned.route();
    }

    /** A deadline, or the default ones if it is not set. */
    static String deadline(Optional<Duration> set) {
        return set.map(LimitCells::text)
                .orElse(text(Defaults.USUAL_DEADLINE) + " (" + text(Defaults.REASONING_DEADLINE) + " for reasoning)");
    }

    static String text(Duration duration) {
        return Quantities.text(duration);
    }
}
