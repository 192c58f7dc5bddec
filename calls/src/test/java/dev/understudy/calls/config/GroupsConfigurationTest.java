package dev.understudy.calls.config;

import static dev.understudy.calls.config.Configurations.problems;
import static dev.understudy.calls.config.Configurations.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.engine.Group;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups of targets in the configuration: where they may stand, what they inherit, and what the operator reads if they are broken. */
class GroupsConfigurationTest {
    private static final String PROVIDERS = """
            providers:
              openai: { api-key: [k1, k2, k3] }
              east: { base-url: "http://127.0.0.1:9001/v1" }
              west: { base-url: "http://127.0.0.1:9002/v1" }
            """;

    private static List<String> members(List<TargetSettings> targets) {
        return targets.stream()
                .map(target -> target.target()
                        + target.place()
                                .map(place -> " " + place.group().name() + " " + place.weight() + " "
                                        + (place.key().isPresent() ? place.key().getAsInt() : "-"))
                                .orElse(""))
                .toList();
    }

    @Test
    void aGroupHasItsDefaults() throws InvalidSettings {
        GroupSettings group = read(PROVIDERS + "groups: { g: { members: [east/m, west/m] } }")
                .groups()
                .get("g");
        assertThat(group.policy())
                .isEqualTo(new GroupPolicy("g", Group.Strategy.WEIGHTED, true, Duration.ofSeconds(60)));
        assertThat(group.named()).isTrue();
        assertThat(members(group.members())).containsExactly("east/m g 1.0 -", "west/m g 1.0 -");
    }

    @Test
    void everyKeyOfAGroupIsTaken() throws InvalidSettings {
        GroupSettings group = read(PROVIDERS + """
                groups:
                  g:
                    strategy: least-loaded
                    affinity: none
                    slow-start: 2m
                    members:
                      - { target: east/m, weight: 2.5, timeouts: { idle: 3s }, images: true }
                      - { target: openai/m, key: 2 }
                      - { target: openai/m, weight: 0, key: 1 }
                """).groups().get("g");
        assertThat(group.policy())
                .isEqualTo(new GroupPolicy("g", Group.Strategy.LEAST_LOADED, false, Duration.ofMinutes(2)));
        assertThat(members(group.members())).containsExactly("east/m g 2.5 -", "openai/m g 1.0 1", "openai/m g 0.0 0");
        assertThat(group.members().getFirst().policy().timeouts().idle()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void eachKeyOfAProviderCanBeAMember() throws InvalidSettings {
        assertThat(members(read(PROVIDERS
                                + "groups: { g: { members: [{ target: openai/m, key: each, weight: 6 }, east/m] } }")
                        .groups()
                        .get("g")
                        .members()))
                .containsExactly("openai/m g 2.0 0", "openai/m g 2.0 1", "openai/m g 2.0 2", "east/m g 1.0 -");
    }

    @Test
    void conversationsStayUnlessTheStrategyIsAboutEachCall() throws InvalidSettings {
        Map<String, Boolean> byConversation = Stream.of(Group.Strategy.values())
                .collect(Collectors.toMap(Group.Strategy::wireName, strategy -> {
                    try {
                        return read(PROVIDERS + "groups: { g: { strategy: " + strategy.wireName()
                                        + ", members: [east/m] } }")
                                .groups()
                                .get("g")
                                .policy()
                                .byConversation();
                    } catch (InvalidSettings broken) {
                        throw new AssertionError(broken);
                    }
                }));
        assertThat(byConversation)
                .isEqualTo(
                        Map.of("weighted", true, "least-loaded", true, "lowest-latency", false, "round-robin", false));
    }

    @Test
    void aChainHasGroupsByNameAndStatedInPlace() throws InvalidSettings {
        Settings settings = read(PROVIDERS + """
                groups:
                  g: { strategy: round-robin, members: [east/m, west/m] }
                models:
                  short: { targets: [g, openai/m] }
                  long: { targets: [{ group: g }, openai/m] }
                  own:
                    targets: [east/a, { strategy: least-loaded, members: [west/b, openai/b] }]
                    fallbacks: [g, { members: [east/c, west/c] }, short]
                fallbacks: [{ group: g }, { members: [east/d] }]
                """);
        assertThat(members(settings.models().get("short").targets()))
                .containsExactly("east/m g 1.0 -", "west/m g 1.0 -", "openai/m")
                .isEqualTo(members(settings.models().get("long").targets()));
        assertThat(members(settings.models().get("own").targets()))
                .containsExactly(
                        "east/a", "west/b models.own.targets[1] 1.0 -", "openai/b models.own.targets[1] 1.0 -");
        assertThat(settings.models().get("own").fallbacks().orElseThrow())
                .containsExactly("g", "models.own.fallbacks[1]", "short");
        assertThat(settings.fallbacks()).containsExactly("g", "fallbacks[1]");

        Catalog catalog = Catalog.of(settings);
        assertThat(catalog.models()).contains("g", "east/c", "east/d").doesNotContain("fallbacks[1]");
        assertThat(catalog.resolve("g")).hasSize(2);
        assertThat(catalog.resolve("fallbacks[1]"))
                .as("a path is no name of callers")
                .isEmpty();
        assertThat(catalog.fallbacksOf("own").orElseThrow())
                .extracting(route -> route.target().name())
                .containsExactly(
                        "west/b", "openai/b", "east/m", "west/m", "east/c", "west/c", "east/m", "west/m", "openai/m");
        assertThat(catalog.fallbacksOf("short").orElseThrow())
                .extracting(route -> route.target().name())
                .containsExactly("openai/m");
    }

    /** The limits of a model hold for all targets of its chain. */
    @Test
    void aGroupInheritsFromTheChainThatNamesIt() throws InvalidSettings {
        Settings settings = read(PROVIDERS + """
                groups: { g: { members: [east/m, { target: west/m, timeouts: { idle: 3s } }] } }
                models: { m: { targets: [g], timeouts: { idle: 7s, connect: 1s } } }
                defaults: { timeouts: { idle: 9s } }
                """);
        assertThat(settings.models().get("m").targets())
                .extracting(target -> target.policy().timeouts().idle().toSeconds())
                .containsExactly(7L, 3L);
        assertThat(settings.models()
                        .get("m")
                        .targets()
                        .get(1)
                        .policy()
                        .timeouts()
                        .connect())
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.groups().get("g").members())
                .extracting(target -> target.policy().timeouts().idle().toSeconds())
                .containsExactly(9L, 3L);
        assertThat(settings.groups()
                        .get("g")
                        .members()
                        .getFirst()
                        .place()
                        .orElseThrow()
                        .key())
                .isEqualTo(OptionalInt.empty());
    }

    static Stream<Arguments> faults() {
        String many = IntStream.range(0, 65).mapToObj(i -> "east/m" + i).collect(Collectors.joining(", "));
        return Stream.of(
                fault(
                        "groups: { g: { members: [east/m], member: 1 } }",
                        "f.yaml:5: groups.g.member: unknown key; did you mean members?"),
                fault("groups: { g: {} }", "f.yaml:5: groups.g: has no members; write members: [provider/model, …]"),
                fault(
                        "groups: { g: { members: [] } }",
                        "f.yaml:5: groups.g.members: this list is empty; a group needs at least one member"),
                fault(
                        "groups: { g: { members: [east/m], strategy: wieghted } }",
                        "f.yaml:5: groups.g.strategy: `wieghted` is none of weighted, least-loaded, lowest-latency,"
                                + " round-robin; did you mean weighted?"),
                fault(
                        "groups: { g: { members: [east/m], affinity: user } }",
                        "f.yaml:5: groups.g.affinity: `user` is none of conversation, none"),
                fault(
                        "groups: { g: { members: [east/m], strategy: round-robin, affinity: conversation } }",
                        "f.yaml:5: groups.g.affinity: round-robin takes another member with each call, so that conversations"
                                + " cannot stay at one; use strategy: weighted"),
                fault(
                        "groups: { g: { members: [east/m], slow-start: 2h } }",
                        "f.yaml:5: groups.g.slow-start: is too long; slow-start is at most 1h"),
                fault(
                        "groups: { g: { members: [{ target: east/m, weight: -1 }] } }",
                        "f.yaml:5: groups.g.members[0].weight: `-1` is out of range; a weight is from 0 to 1000000"),
                fault(
                        "groups: { g: { members: [{ target: east/m, weight: heavy }] } }",
                        "f.yaml:5: groups.g.members[0].weight: `heavy` is not a number"),
                fault(
                        "groups: { g: { members: [{ target: east/m, weight: 0 }] } }",
                        "f.yaml:5: groups.g.members: every weight is 0; give at least one member a weight"),
                fault(
                        "groups: { g: { strategy: round-robin, members: [{ target: east/m, weight: 2 }] } }",
                        "f.yaml:5: groups.g.members[0].weight: `2` has no effect with strategy: round-robin; weights are for"
                                + " weighted and least-loaded"),
                fault(
                        "groups: { g: { members: [{ target: openai/m, key: 4 }] } }",
                        "f.yaml:5: groups.g.members[0].key: `4` is too high: the provider has 3 keys"),
                fault(
                        "groups: { g: { members: [{ target: openai/m, key: all }] } }",
                        "f.yaml:5: groups.g.members[0].key: `all` is not a whole number"),
                fault(
                        "groups: { g: { members: [east/m, east/m] } }",
                        "f.yaml:5: groups.g.members[1]: east/m is in this group already"),
                fault(
                        "groups: { g: { members: [esat/m] } }",
                        "f.yaml:5: groups.g.members[0]: `esat/m` names a provider that is not configured; did you mean east?"
                                + " (configured are openai, east, west)"),
                fault(
                        "groups: { g: { members: [h] }, h: { members: [east/m] } }",
                        "f.yaml:5: groups.g.members[0]: the members of a group are targets; a group cannot be one"),
                fault(
                        "groups: { g: { members: [east/m] } }\nmodels: { g: { targets: [west/m] } }",
                        "f.yaml:5: groups.g: a model has this name already; callers could not tell them apart"),
                fault(
                        "groups: { pool: { members: [east/m] } }\nmodels: { m: { targets: [pol] } }",
                        "f.yaml:6: models.m.targets[0]: `pol` is not a target; write provider/model, such as openai/gpt-5.1,"
                                + " or the name of a group; did you mean pool?"),
                fault(
                        "groups: { pool: { members: [east/m] } }\nmodels: { m: { targets: [{ group: pol }] } }",
                        "f.yaml:6: models.m.targets[0].group: `pol` is no group; did you mean pool?"),
                fault(
                        "models: { m: { targets: [{ group: g }] } }",
                        "f.yaml:5: models.m.targets[0].group: `g` is no group (there is none under groups)"),
                fault(
                        "groups: { g: { members: [east/m] } }\nmodels: { m: { targets: [g, east/m] } }",
                        "f.yaml:6: models.m.targets[1]: east/m is in this chain already; each target is tried once"),
                fault(
                        "groups: { g: { members: [" + many + "] } }",
                        "f.yaml:5: groups.g.members: these are 65 members; a group has at most 64"));
    }

    private static Arguments fault(String yaml, String problem) {
        return Arguments.of(yaml, problem);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultHasOneMessage(String yaml, String problem) {
        assertThat(problems(PROVIDERS + yaml)).containsExactly(problem);
    }
}
