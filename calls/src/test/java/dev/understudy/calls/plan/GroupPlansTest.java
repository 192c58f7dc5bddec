package dev.understudy.calls.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.engine.Group;
import dev.understudy.engine.Plan;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is planned where a chain has groups, of the configuration or of the request. */
class GroupPlansTest {
    private static final String SETTINGS = """
            providers:
              east: { base-url: "http://127.0.0.1:9001/v1", api-key: [k1, k2] }
              west: { base-url: "http://127.0.0.1:9002/v1" }
              north: { base-url: "http://127.0.0.1:9003/v1" }
            groups:
              pool: { members: [{ target: east/m, weight: 3 }, { target: west/m, images: false }] }
              keys: { strategy: round-robin, members: [{ target: east/m, key: each }] }
            models:
              assistant: { targets: [pool, north/m] }
              spread: { targets: [keys] }
            """;

    private final CallPlanner planner = planner();

    private static CallPlanner planner() {
        try {
            return new CallPlanner(Catalog.of(new SettingsReader(Environment.of(Map.of())).read("f.yaml", SETTINGS)));
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private PlannedCall planned(String model, String members, Map<String, String> headers) throws Exception {
        String body =
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]" + members + "}";
        CallerRequest request = CallerRequest.read(Api.CHAT.dialect(), body.getBytes(UTF_8));
        HeaderLookup lookup = name -> Optional.ofNullable(headers.get(name));
        FallbackOptions options = request.options(lookup, planner.policy());
        return planner.plan(Api.CHAT, request, options, "").ofConversation(request, lookup);
    }

    private Plan plan(String model, String members) throws Exception {
        return planned(model, members, Map.of()).plan();
    }

    private static List<String> chain(Plan plan) {
        return plan.chain().stream().map(step -> step.target().name()).toList();
    }

    /** Each member as its targets and its share. */
    private static List<String> members(Plan plan) {
        return plan.groups().stream()
                .flatMap(group -> group.members().stream())
                .map(member -> member.steps().stream()
                                .map(id -> plan.chain().stream()
                                        .filter(step -> step.id() == id)
                                        .findFirst()
                                        .orElseThrow())
                                .map(step -> step.target().model().equals("m")
                                        ? step.target().credential()
                                        : step.target().name())
                                .collect(Collectors.joining("+"))
                        + "=" + member.weight())
                .toList();
    }

    @Test
    void aGroupIsOneStepOfItsChain() throws Exception {
        Plan plan = plan("assistant", "");
        assertThat(chain(plan)).containsExactly("east/m", "east/m", "west/m", "north/m");
        assertThat(plan.groups()).hasSize(1);
        assertThat(members(plan))
                .as("a member has all of its keys, in order")
                .containsExactly("east+east#2=3.0", "west=1.0");
    }

    @Test
    void eachKeyIsAMemberIfTheConfigurationSaysSo() throws Exception {
        Plan plan = plan("spread", "");
        assertThat(members(plan)).containsExactly("east=0.5", "east#2=0.5");
        assertThat(plan.groups().getFirst().strategy()).isEqualTo(Group.Strategy.ROUND_ROBIN);
        Plan withOwnKey = planned("spread", ",\"customer_credentials\":{\"east\":{\"api_key\":\"own\"}}", Map.of())
                .plan();
        assertThat(withOwnKey.chain()).as("one key of the caller, one member").hasSize(1);
    }

    @Test
    void aGroupCanBeNamedByCallers() throws Exception {
        assertThat(chain(plan("pool", ""))).containsExactly("east/m", "east/m", "west/m");
        Plan plan = plan("north/m", ",\"fallbacks\":[\"pool\"]");
        assertThat(chain(plan)).containsExactly("north/m", "east/m", "east/m", "west/m");
        assertThat(members(plan)).containsExactly("east+east#2=3.0", "west=1.0");
    }

    @Test
    void membersThatCannotServeTheRequestAreSkipped() throws Exception {
        PlannedCall call = planned(
                "assistant",
                ",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://e.x/a.png\"}}]}]"
                        .replace(",\"messages\":", ",\"x\":"),
                Map.of());
        assertThat(call.skipped()).isEmpty();
        assertThat(chain(plan("assistant", ",\"exclude_models\":[\"east/m\"]"))).containsExactly("west/m", "north/m");
        assertThat(members(plan("assistant", ",\"exclude_models\":[\"east/m\"]")))
                .containsExactly("west=1.0");
    }

    @Test
    void aGroupThatTheCallerWantsToFailFailsAsAWhole() throws Exception {
        PlannedCall call = planned("assistant", ",\"mock_testing_fallbacks\":true", Map.of());
        assertThat(chain(call.plan())).containsExactly("north/m");
        assertThat(call.skipped()).hasSize(2);
    }

    @Test
    void portkeysLoadBalancingIsAGroup() throws Exception {
        Plan plan = planned("m", "", Map.of("x-portkey-config", """
                        {"strategy": {"mode": "fallback"}, "targets": [
                          {"strategy": {"mode": "loadbalance"}, "targets": [
                            {"provider": "west", "weight": 1},
                            {"strategy": {"mode": "fallback"}, "weight": 3, "targets": [
                              {"provider": "north"}, {"provider": "east", "override_params": {"model": "n"}}]}]},
                          {"provider": "north", "override_params": {"model": "last"}}]}""")).plan();
        assertThat(chain(plan)).containsExactly("north/m", "east/n", "east/n", "west/m", "north/last");
        assertThat(members(plan)).containsExactly("north+east/n+east/n=3.0", "west=1.0");
        assertThat(plan.groups().getFirst().byConversation())
                .as("Portkey draws for each call")
                .isFalse();
    }

    /** The usual reason to balance: two accounts at one provider. */
    @Test
    void keysOfTheCallerAreMembersOfTheirOwn() throws Exception {
        Plan portkey = planned("m", "", Map.of("x-portkey-config", """
                        {"strategy": {"mode": "loadbalance"}, "targets": [
                          {"provider": "west", "weight": 1, "api_key": "sk-one"},
                          {"provider": "west", "weight": 2, "api_key": "sk-two"},
                          {"provider": "west", "weight": 1, "api_key": "sk-one"}]}""")).plan();
        assertThat(portkey.chain()).hasSize(2);
        assertThat(portkey.chain().stream()
                        .map(step -> step.target().credential())
                        .distinct())
                .hasSize(2)
                .allMatch(credential -> credential.startsWith("caller:"));
        assertThat(portkey.groups().getFirst().members())
                .extracting(Group.Member::weight)
                .containsExactly(2.0, 1.0);

        String body = "{\"messages\":[],\"load_balance_models\":["
                + "{\"model\":\"west/m\",\"credentials\":{\"api_key\":\"sk-one\"}},"
                + "{\"model\":\"west/m\",\"credentials\":{\"api_key\":\"sk-two\"}},\"west/m\"]}";
        CallerRequest request = CallerRequest.read(Api.CHAT.dialect(), body.getBytes(UTF_8));
        Plan keywords = planner.plan(Api.CHAT, request, request.options(HeaderLookup.NONE, planner.policy()), "")
                .plan();
        assertThat(keywords.chain()).hasSize(2);
    }

    @Test
    void portkeysNestedLoadBalancingMultipliesTheShares() throws Exception {
        Plan plan = planned("m", "", Map.of("x-portkey-config", """
                        {"strategy": {"mode": "loadbalance"}, "targets": [
                          {"provider": "north", "weight": 0.4},
                          {"strategy": {"mode": "loadbalance"}, "weight": 0.6, "targets": [
                            {"provider": "west", "weight": 2}, {"provider": "north", "weight": 1,
                             "override_params": {"model": "n"}}]}]}""")).plan();
        assertThat(members(plan)).hasSize(3);
        double total = plan.groups().getFirst().members().stream()
                .mapToDouble(Group.Member::weight)
                .sum();
        assertThat(plan.groups().getFirst().members())
                .extracting(member -> Math.round(1_000 * member.weight() / total))
                .containsExactly(400L, 200L, 400L);
    }

    @Test
    void keywordsLoadBalancingIsAGroupInFrontOfItsFallbacks() throws Exception {
        String body = "{\"messages\":[],\"load_balance_models\":[{\"model\":\"west/m\",\"weight\":1},"
                + "{\"model\":\"pool\",\"weight\":2}],\"fallback_models\":[\"north/m\"]}";
        CallerRequest request = CallerRequest.read(Api.CHAT.dialect(), body.getBytes(UTF_8));
        Plan plan = planner.plan(Api.CHAT, request, request.options(HeaderLookup.NONE, planner.policy()), "")
                .plan();
        assertThat(chain(plan)).containsExactly("east/m", "east/m", "west/m", "north/m");
        assertThat(members(plan))
                .as("the members of a group share its weight")
                .containsExactly("east+east#2=1.5", "west=0.5");
    }

    @Test
    void negativeAndEnormousWeightsOfRequestsAreBounded() throws Exception {
        Plan plan = planned("m", "", Map.of("x-portkey-config", """
                        {"strategy": {"mode": "loadbalance"}, "targets": [
                          {"provider": "west", "weight": -5}, {"provider": "north", "weight": 1e12}]}""")).plan();
        assertThat(members(plan)).containsExactly("north=1.0E9", "west=0.0");
    }

    @Test
    void aChainHasAtMost64Targets() throws Exception {
        String names =
                IntStream.range(0, 60).mapToObj(i -> "\"north/n" + i + "\"").collect(Collectors.joining(","));
        PlannedCall call = planned(
                "assistant", ",\"fallbacks\":[\"pool\"," + names + ",\"west/a\",\"west/b\",\"west/c\"]", Map.of());
        assertThat(call.plan().chain().stream()
                        .map(step -> step.target().name())
                        .distinct())
                .hasSize(64);
        assertThat(call.warnings()).anyMatch(warning -> warning.contains("only the first 64 are used"));
    }

    @Test
    void plansOfConversationsDifferAndShareThePlanOtherwise() throws Exception {
        Plan one = planned("assistant", "", Map.of("x-session-id", "s1")).plan();
        Plan other = planned("assistant", "", Map.of("x-session-id", "s2")).plan();
        assertThat(one.conversation()).isPresent().isNotEqualTo(other.conversation());
        assertThat(planned("north/m", "", Map.of("x-session-id", "s1")).plan().conversation())
                .as("a chain without groups has no use for it")
                .isEmpty();
    }
}
