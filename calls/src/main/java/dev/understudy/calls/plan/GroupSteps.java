package dev.understudy.calls.plan;

import dev.understudy.calls.config.GroupPolicy;
import dev.understudy.engine.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the steps of candidates that follow one another in a chain and belong to one group. */
final class GroupSteps {
    private final List<Group> done;
    private Optional<TargetCandidate> last = Optional.empty();
    private final Map<String, List<Integer>> steps = new LinkedHashMap<>();
    private final Map<String, Double> weights = new HashMap<>();

    GroupSteps(List<Group> done) {
        this.done = done;
    }

    /** The steps that are added from now on are this candidate's. */
    void next(TargetCandidate candidate) {
        if (last.isPresent() && !last.get().isBeside(candidate)) {
            end();
        }
        last = Optional.of(candidate);
    }

    void add(int step) {
        last.flatMap(TargetCandidate::place).ifPresent(place -> {
            steps.computeIfAbsent(place.member(), member -> new ArrayList<>()).add(step);
            weights.putIfAbsent(place.member(), place.weight());
        });
    }

    void end() {
        if (!steps.isEmpty()) {
            GroupPolicy policy = last.orElseThrow().place().orElseThrow().group();
            done.add(new Group(
                    policy.name(),
                    policy.strategy(),
                    policy.byConversation(),
                    policy.slowStart(),
                    steps.entrySet().stream()
                            .map(member ->
                                    new Group.Member(member.getValue(), weights.getOrDefault(member.getKey(), 0.0)))
                            .toList()));
        }
        steps.clear();
        weights.clear();
    }
}
