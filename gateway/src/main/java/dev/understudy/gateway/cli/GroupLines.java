package dev.understudy.gateway.cli;

import dev.understudy.engine.Group;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Step;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sentences about the groups of a plan: how calls are distributed among their members. */
final class GroupLines {
    private GroupLines() {}

    /** The group that a step belongs to. */
    static Optional<Group> groupOf(Step step, Plan plan) {
        return plan.groups().stream()
                .filter(group -> group.members().stream()
                        .anyMatch(member -> member.steps().contains(step.id())))
                .findFirst();
    }

    /** Which member of its group a step is, or is part of, from 0. */
    static int memberOf(Step step, Group group) {
        int index = 0;
        while (!group.members().get(index).steps().contains(step.id())) {
            index++;
        }
        return index;
    }

    /** One line for each group of a chain. */
    static List<String> of(Plan plan, List<LimitCells> rows) {
        List<String> lines = new ArrayList<>();
        for (Group group : plan.groups()) {
            rows.stream()
                    .filter(row -> groupOf(row.step(), plan).equals(Optional.of(group)))
                    .findFirst()
                    .ifPresent(first -> lines.add("Step " + first.place().replaceFirst("\\..*", "") + " is the group "
                            + group.name() + ", " + group.strategy().wireName() + ": " + choice(group, plan) + "."
                            + affinity(group) + slowStart(group)));
        }
        return lines;
    }

    private static String choice(Group group, Plan plan) {
        return switch (group.strategy()) {
            case WEIGHTED -> "calls begin with " + shares(group, plan);
            case LEAST_LOADED ->
                "calls begin with the member that has the fewest attempts in flight for its weight ("
                        + shares(group, plan) + ")";
            case LOWEST_LATENCY ->
                "calls begin with the member that answered soonest of late, and one in twenty with another (now: "
                        + names(group, plan) + ")";
            case ROUND_ROBIN -> "calls begin with each in turn: " + names(group, plan);
        };
    }

    private static String affinity(Group group) {
        return group.byConversation() ? " The calls of a conversation prefer the same member." : "";
    }

    private static String slowStart(Group group) {
        return group.slowStart().equals(Duration.ZERO)
                ? ""
                : " A recovered member gets its share back within " + LimitCells.text(group.slowStart()) + ".";
    }

    private static String shares(Group group, Plan plan) {
        double all = group.members().stream().mapToDouble(Group.Member::weight).sum();
        return group.members().stream()
                .map(member -> name(member, plan) + " " + percent(all > 0 ? member.weight() / all : 0))
                .collect(Collectors.joining(", "));
    }

    private static String percent(double share) {
        return BigDecimal.valueOf(100 * share)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString()
                + "%";
    }

    private static String names(Group group, Plan plan) {
        return group.members().stream().map(member -> name(member, plan)).collect(Collectors.joining(", "));
    }

    private static String name(Group.Member member, Plan plan) {
        int first = member.steps().getFirst();
        return plan.chain().stream()
                .filter(step -> step.id() == first)
                .map(step -> step.target().name())
                .findFirst()
                .orElse("");
    }
}
