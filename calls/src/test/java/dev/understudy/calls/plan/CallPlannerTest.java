package dev.understudy.calls.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.engine.FailureKind;
import dev.understudy.engine.FallbackOn;
import dev.understudy.engine.Plan;
import dev.understudy.engine.Step;
import dev.understudy.engine.Target;
import dev.understudy.engine.Timeouts;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.multipart.MultipartForm;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.options.OptionsPolicy;
import dev.understudy.protocol.translate.CallerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is planned of a request and a configuration, before anything is sent. */
class CallPlannerTest {
    private static final String PROVIDERS = """
            providers:
              one: { base-url: "http://127.0.0.1:9001/v1", responses: true, caller-urls: ["http://127.0.0.1:9009/v1"] }
              two: { base-url: "http://127.0.0.1:9002/v1" }
            """;

    private static CallPlanner planner(String settings) throws Exception {
        return new CallPlanner(
                Catalog.of(new SettingsReader(Environment.of(Map.of())).read("f.yaml", PROVIDERS + settings)));
    }

    private static String required(Api api) {
        return switch (api) {
            case CHAT -> "\"messages\":[]";
            case RESPONSES -> "\"input\":\"Hi\"";
            case MESSAGES -> "\"max_tokens\":9,\"messages\":[]";
            case CONVERSE -> "\"messages\":[]";
            case GEMINI, GEMINI_ARRAY -> "\"contents\":[]";
            default -> "\"prompt\":\"Hi\",\"input\":\"Hi\"";
        };
    }

    private static CallerRequest request(Api api, String model, String members) throws Exception {
        String rest = required(api) + (members.isEmpty() ? "" : "," + members);
        return switch (api) {
            case GEMINI, GEMINI_ARRAY, CONVERSE ->
                CallerRequest.read(api.dialect(), ("{" + rest + "}").getBytes(UTF_8), model, false);
            default ->
                CallerRequest.read(api.dialect(), ("{\"model\":\"" + model + "\"," + rest + "}").getBytes(UTF_8));
        };
    }

    private static HeaderLookup headers(Map<String, String> headers) {
        return name -> Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    private static PlannedCall planned(
            CallPlanner planner, Api api, String model, String members, Map<String, String> headers, String caller)
            throws Exception {
        CallerRequest request = request(api, model, members);
        FallbackOptions options =
                request.options(headers.isEmpty() ? HeaderLookup.NONE : headers(headers), planner.policy());
        return planner.plan(api, request, options, caller);
    }

    private static PlannedCall planned(String settings, String members) throws Exception {
        return planned(planner(settings), Api.CHAT, "one/a", members, Map.of(), "");
    }

    private static Plan plan(String settings, String members) throws Exception {
        return planned(settings, members).plan();
    }

    private static Timeouts timeouts(String settings, String members) throws Exception {
        return plan(settings, members).chain().getFirst().timeouts();
    }

    @Nested
    class UpstreamApi {
        private static final String OPENAI = """
                providers:
                  openai: { base-url: "http://127.0.0.1:9001/v1", api-key: k }
                  proxy: { base-url: "http://127.0.0.1:9002/v1" }
                """;
        private static final String TOOLS = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";

        private static List<Api> apis(String model, String members) throws Exception {
            CallPlanner planner =
                    new CallPlanner(Catalog.of(new SettingsReader(Environment.of(Map.of())).read("f.yaml", OPENAI)));
            return planned(planner, Api.CHAT, model, members, Map.of(), "").targets().stream()
                    .map(PlannedTarget::api)
                    .toList();
        }

        @Test
        void modelsThatExistInResponsesOnlyAreUsedThere() throws Exception {
            assertThat(apis("openai/gpt-5.1-codex", "")).containsExactly(Api.RESPONSES);
            assertThat(apis("openai/gpt-5-pro-2025-10-06", "")).containsExactly(Api.RESPONSES);
            assertThat(apis("openai/o3-pro", "")).containsExactly(Api.RESPONSES);
            assertThat(apis("openai/gpt-5.1", "")).containsExactly(Api.CHAT);
            assertThat(apis("proxy/gpt-5.1-codex", ""))
                    .as("a provider that has Chat Completions only")
                    .containsExactly(Api.CHAT);
        }

        @Test
        void toolsBesideAnEffortAreSentToResponsesFromGpt54On() throws Exception {
            String effort = "\"reasoning_effort\":\"high\"";
            assertThat(apis("openai/gpt-5.4", TOOLS + "," + effort)).containsExactly(Api.RESPONSES);
            assertThat(apis("openai/gpt-5.4", TOOLS)).containsExactly(Api.CHAT);
            assertThat(apis("openai/gpt-5.4", effort)).containsExactly(Api.CHAT);
            assertThat(apis("openai/gpt-5.2", TOOLS + "," + effort)).containsExactly(Api.CHAT);
        }

        @Test
        void thePlanOfARequestWithToolsIsAnotherOne() throws Exception {
            CallPlanner planner =
                    new CallPlanner(Catalog.of(new SettingsReader(Environment.of(Map.of())).read("f.yaml", OPENAI)));
            String effort = "\"reasoning_effort\":\"high\"";
            for (String members : List.of(effort, TOOLS + "," + effort, effort)) {
                PlannedCall planned = planned(planner, Api.CHAT, "openai/gpt-5.4", members, Map.of(), "");
                assertThat(planned.targets().getFirst().api())
                        .isEqualTo(members.startsWith(TOOLS) ? Api.RESPONSES : Api.CHAT);
            }
        }

        @Test
        void aTargetThatTakesFewerToolsIsSkippedIfAnotherTakesThemAll() throws Exception {
            StringBuilder tools = new StringBuilder("\"tools\":[");
            for (int i = 0; i < 129; i++) {
                tools.append(i == 0 ? "" : ",")
                        .append("{\"type\":\"function\",\"function\":{\"name\":\"f" + i + "\"}}");
            }
            tools.append(']');
            CallPlanner planner =
                    new CallPlanner(Catalog.of(new SettingsReader(Environment.of(Map.of())).read("f.yaml", OPENAI)));
            PlannedCall planned = planned(
                    planner, Api.CHAT, "openai/gpt-4o", tools + ",\"fallbacks\":[\"proxy/llama\"]", Map.of(), "");
            assertThat(planned.targets()).hasSize(1);
            assertThat(planned.targets().getFirst().route().target().name()).isEqualTo("proxy/llama");
            assertThat(planned(planner, Api.CHAT, "openai/gpt-4o", tools.toString(), Map.of(), "")
                            .targets())
                    .as("all are kept where none takes them all")
                    .hasSize(1);
        }
    }

    @Nested
    class Time {
        @Test
        void deadlineIsPlannedOnlyWhereItIsSet() throws Exception {
            assertThat(plan("", "").deadline()).isEmpty();
            assertThat(plan("defaults: { deadline: 30s }", "").deadline()).contains(Duration.ofSeconds(30));
            assertThat(plan("", "\"understudy\":{\"deadline\":\"9s\"}").deadline())
                    .contains(Duration.ofSeconds(9));
            assertThat(plan("", "\"timeout\":120").deadline())
                    .as("a limit of attempts is no deadline")
                    .isEmpty();
        }

        @Test
        void marksAreLimitsOnlyWhereConfigured() throws Exception {
            String cancel = "defaults: { timeouts: { when-late: cancel } }";
            assertThat(timeouts("", "").cancels()).isFalse();
            assertThat(timeouts(cancel, "").cancels()).isTrue();
            assertThat(timeouts("", "\"understudy\":{\"timeouts\":{\"when_late\":\"cancel\"}}")
                            .cancels())
                    .isTrue();
            assertThat(timeouts(cancel, "\"understudy\":{\"timeouts\":{\"when_late\":\"hedge\"}}")
                            .cancels())
                    .isFalse();
        }

        @Test
        void requestsMoveTheMarks() throws Exception {
            Timeouts own = timeouts(
                    "", "\"understudy\":{\"timeouts\":{\"connect\":\"1s\",\"first_token\":\"40s\",\"idle\":\"4s\"}}");
            assertThat(own.connect()).isEqualTo(Duration.ofSeconds(1));
            assertThat(own.firstToken()).isEqualTo(Duration.ofSeconds(40));
            assertThat(own.idle()).isEqualTo(Duration.ofSeconds(4));
            assertThat(own.answer()).isEqualTo(Duration.ofSeconds(120));
            assertThat(own.reasoning()).as("no sooner than without reasoning").isEqualTo(Duration.ofSeconds(120));
            Timeouts stated = timeouts("", "\"understudy\":{\"timeouts\":{\"answer\":\"33s\",\"reasoning\":\"5m\"}}");
            assertThat(stated.answer()).isEqualTo(Duration.ofSeconds(33));
            assertThat(stated.reasoning()).isEqualTo(Duration.ofMinutes(5));
        }

        /** A limit counts for the attempt, shorter or longer than anything that is usual. */
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "\"timeout\":120 | ``| ``| 120",
                    "\"timeout\":2 | ``| ``| 2",
                    "\"stream\":true,\"timeout\":120,\"stream_timeout\":7 | ``| ``| 7",
                    "\"temperature\":1 | x-litellm-timeout| 90| 90",
                    "\"temperature\":1 | x-portkey-request-timeout| 90000| 90",
                    "\"temperature\":1 | x-portkey-config| {\"request_timeout\":90000}| 90",
                })
        void limitsOfVocabulariesAreLimitsOfAttempts(String members, String header, String value, long seconds)
                throws Exception {
            Map<String, String> headers = header.isEmpty() ? Map.of() : Map.of(header, value);
            Plan plan = planned(planner(""), Api.CHAT, "one/a", members, headers, "")
                    .plan();
            assertThat(plan.chain().getFirst().timeouts().total()).contains(Duration.ofSeconds(seconds));
        }

        @Test
        void openPipesLimitIsThatOfItsFallback() throws Exception {
            Plan plan = plan("", "\"openpipe\":{\"fallback\":{\"model\":\"two/b\",\"timeout_ms\":70000}}");
            assertThat(plan.chain().getFirst().timeouts().total()).isEmpty();
            assertThat(plan.chain().getLast().timeouts().total()).contains(Duration.ofSeconds(70));
        }

        @ParameterizedTest
        @EnumSource(value = Api.class, mode = EnumSource.Mode.MATCH_NONE, names = "GEMINI_EMBEDDINGS?")
        void everyApiReadsTheCallersTimeout(Api api) throws Exception {
            CallPlanner planner = planner("");
            String model = "one/a";
            Plan patient = planned(planner, api, model, "", Map.of("x-stainless-timeout", "600"), "")
                    .plan();
            Plan hasty = planned(planner, api, model, "", Map.of("x-stainless-read-timeout", "5.0"), "")
                    .plan();
            Plan silent = planned(planner, api, model, "", Map.of("x-stainless-timeout", "0"), "")
                    .plan();

            assertThat(patient.patience())
                    .as("longer than any deadline, and a little less than the caller waits")
                    .contains(Duration.ofSeconds(599));
            assertThat(hasty.patience()).contains(Duration.ofMillis(4_500));
            assertThat(silent.patience()).isEmpty();
            assertThat(patient.deadline()).isEmpty();
        }

        @ParameterizedTest
        @EnumSource(value = Api.class, mode = EnumSource.Mode.MATCH_NONE, names = "GEMINI_EMBEDDINGS?")
        void everyApiReadsLimits(Api api) throws Exception {
            Plan plan = planned(planner(""), api, "one/a", "\"timeout\":120", Map.of(), "")
                    .plan();
            assertThat(plan.chain().getFirst().timeouts().total()).contains(Duration.ofMinutes(2));
        }

        @Test
        void formsHaveLimitsToo() throws Exception {
            String boundary = "b";
            String body = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\none/a\r\n"
                    + "--b\r\nContent-Disposition: form-data; name=\"timeout\"\r\n\r\n120\r\n--b--\r\n";
            CallerRequest form = CallerRequest.read(
                    Api.TRANSCRIPTIONS.dialect(),
                    MultipartForm.read("multipart/form-data; boundary=" + boundary, body.getBytes(UTF_8)));
            CallPlanner planner = planner("");
            FallbackOptions options =
                    form.options(headers(Map.of("x-stainless-timeout", "300")), new OptionsPolicy(false));

            Plan plan = planner.plan(Api.TRANSCRIPTIONS, form, options, "").plan();

            assertThat(plan.patience()).contains(Duration.ofSeconds(299));
            assertThat(plan.chain().getFirst().timeouts().total()).contains(Duration.ofMinutes(2));
        }

        /** What a deadline leaves to each of two targets is time enough, for the judgement of their health. */
        @Test
        void usualMarksAreThoseOfTheOperator() throws Exception {
            Step hasty = plan("defaults: { deadline: 10s }", "\"understudy\":{\"timeouts\":{\"first_token\":\"50ms\"}}")
                    .chain()
                    .getFirst();
            assertThat(hasty.timeouts().firstToken()).isEqualTo(Duration.ofMillis(50));
            assertThat(hasty.usual().firstToken()).isEqualTo(Duration.ofSeconds(5));
            assertThat(hasty.usual().reasoning()).isEqualTo(Duration.ofSeconds(5));
            assertThat(plan("", "").chain().getFirst().usual()).isEqualTo(Timeouts.ofDefaults());
        }
    }

    @Nested
    class Reasoning {
        private static boolean reasons(CallPlanner planner, Api api, String model, String members) throws Exception {
            return planned(planner, api, model, members, Map.of(), "")
                    .plan()
                    .chain()
                    .getFirst()
                    .reasons();
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "CHAT|one/o3|\"n\":1|true",
                    "CHAT|one/gpt-5.1|\"n\":1|false",
                    "CHAT|one/gpt-5.1|\"reasoning_effort\":\"high\"|true",
                    "CHAT|one/o3|\"reasoning_effort\":\"none\"|false",
                    "CHAT|one/deepseek-r1|\"n\":1|true",
                    "CHAT|one/unknown|\"enable_thinking\":true|true",
                    "RESPONSES|one/gpt-5.1|\"reasoning\":{\"effort\":\"low\"}|true",
                    "RESPONSES|one/gpt-5.1|\"background\":true|true",
                    "RESPONSES|one/o4-mini-deep-research|\"truncation\":\"auto\"|true",
                    "MESSAGES|one/claude-sonnet-4-5|\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}|true",
                    "MESSAGES|one/claude-opus-5|\"thinking\":{\"type\":\"disabled\"}|false",
                    "GEMINI|one/gemini-2.5-flash|\"labels\":{}|true",
                    "GEMINI|one/gemini-2.5-flash|\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":0}}|false",
                    "CONVERSE|one/unknown|\"additionalModelRequestFields\":{\"thinking\":{\"type\":\"adaptive\"}}|true",
                    "EMBEDDINGS|one/o3|\"dimensions\":8|false",
                    "IMAGE_GENERATIONS|one/gpt-5|\"n\":1|false"
                })
        void isRecognisedFromRequestAndModel(Api api, String model, String members, boolean reasons) throws Exception {
            assertThat(reasons(planner(""), api, model, members)).isEqualTo(reasons);
        }

        @Test
        void targetSettingsCorrectTheTable() throws Exception {
            CallPlanner planner = planner("""
                    models:
                      alias: { targets: [{ target: one/prod-7, reasons: true }] }
                      never: { targets: [{ target: two/o3, reasons: false }] }
                    """);
            assertThat(reasons(planner, Api.CHAT, "alias", "")).isTrue();
            assertThat(reasons(planner, Api.CHAT, "alias", "\"reasoning_effort\":\"none\""))
                    .as("the request has the last word")
                    .isFalse();
            assertThat(reasons(planner, Api.CHAT, "never", "\"reasoning_effort\":\"high\""))
                    .isFalse();
        }

        @Test
        void eachStepHasItsOwn() throws Exception {
            List<Step> chain = planned(
                            planner(""),
                            Api.CHAT,
                            "one/o3",
                            "\"fallbacks\":[\"two/gpt-4o\",{\"model\":\"two/gpt-5.1\",\"reasoning_effort\":\"high\"}]",
                            Map.of(),
                            "")
                    .plan()
                    .chain();
            assertThat(chain).extracting(Step::reasons).containsExactly(true, false, true);
        }

        /** Plans are remembered by model, and the same model serves requests of both kinds. */
        @Test
        void rememberedPlansAreThoseOfTheirKind() throws Exception {
            CallPlanner planner = planner("");
            for (int i = 0; i < 3; i++) {
                assertThat(reasons(planner, Api.CHAT, "one/gpt-5.1", "")).isFalse();
                assertThat(reasons(planner, Api.CHAT, "one/gpt-5.1", "\"reasoning_effort\":\"high\""))
                        .isTrue();
                assertThat(reasons(planner, Api.CHAT, "one/o3", "\"reasoning_effort\":\"none\""))
                        .isFalse();
                assertThat(reasons(planner, Api.CHAT, "one/o3", "")).isTrue();
            }
            assertThat(planned(planner, Api.CHAT, "one/o3", "", Map.of(), ""))
                    .as("remembered")
                    .isSameAs(planned(planner, Api.CHAT, "one/o3", "", Map.of(), ""));
        }
    }

    @Nested
    class OptIns {
        private static final String OPTED_IN = "defaults: { fallback-on: [content-policy] }";

        @Test
        void contentPolicyContinuesOnlyWhereConfigured() throws Exception {
            FallbackOn optedIn = new FallbackOn(Set.of(FailureKind.CONTENT_POLICY), Set.of());
            assertThat(plan("", "").fallbackOn()).isEqualTo(FallbackOn.DEFAULT);
            assertThat(plan(OPTED_IN, "").fallbackOn()).isEqualTo(optedIn);
            assertThat(plan("", "\"understudy\":{\"fallback_on\":[\"content-policy\"]}")
                            .fallbackOn())
                    .isEqualTo(optedIn);
            assertThat(plan(OPTED_IN, "\"understudy\":{\"fallback_on\":[]}").fallbackOn())
                    .isEqualTo(FallbackOn.DEFAULT);
        }

        @Test
        void portkeysStatusesAreKept() throws Exception {
            String config = "{\"strategy\":{\"mode\":\"fallback\",\"on_status_codes\":[429,446]},\"targets\":["
                    + "{\"provider\":\"one\"},{\"provider\":\"two\"}]}";
            Plan plan = planned(planner(""), Api.CHAT, "a", "", Map.of("x-portkey-config", config), "")
                    .plan();
            assertThat(plan.fallbackOn())
                    .isEqualTo(new FallbackOn(Set.of(FailureKind.CONTENT_POLICY), Set.of(429, 446)));
        }

        @Test
        void liteLlmsOwnFallbacksOfContentPolicyTakeTheChainsPlace() throws Exception {
            Plan plan = plan("", "\"content_policy_fallbacks\":[\"two/b\"]");
            assertThat(plan.instead().get(FailureKind.CONTENT_POLICY))
                    .extracting(step -> step.target().name())
                    .containsExactly("two/b");
        }

        @Test
        void streamsAreKeptAliveAndToolCallsWholeByDefault() throws Exception {
            PlannedCall usual = planned("", "");
            assertThat(usual.delivery().keepAlive()).contains(Duration.ofSeconds(10));
            assertThat(usual.delivery().toolCallsWhole()).isTrue();
            PlannedCall configured = planned("defaults: { stream: { keep-alive: off, tool-calls: live } }", "");
            assertThat(configured.delivery().keepAlive()).isEmpty();
            assertThat(configured.delivery().toolCallsWhole()).isFalse();
            PlannedCall asked = planned(
                    "defaults: { stream: { keep-alive: off, tool-calls: live } }",
                    "\"understudy\":{\"stream\":{\"keep_alive\":\"3s\",\"tool_calls\":\"whole\"}}");
            assertThat(asked.delivery().keepAlive()).contains(Duration.ofSeconds(3));
            assertThat(asked.delivery().toolCallsWhole()).isTrue();
        }

        @Test
        void retriesOfTheLastTargetAreUnlimitedUnlessCounted() throws Exception {
            assertThat(plan("", "").chain().getFirst().retry().persistent()).isTrue();
            assertThat(plan("", "\"understudy\":{\"retry\":{\"base\":\"1s\"}}")
                            .chain()
                            .getFirst()
                            .retry()
                            .persistent())
                    .isTrue();
            assertThat(plan("defaults: { retry: { attempts: 1 } }", "")
                            .chain()
                            .getFirst()
                            .retry()
                            .persistent())
                    .isFalse();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"understudy\":{\"retry\":{\"attempts\":1}}",
                    "\"num_retries\":2",
                    "\"retry_params\":{\"num_retries\":3}",
                    "\"retry_params\":{\"retry_enabled\":false}"
                })
        void countedRetriesEnd(String members) throws Exception {
            assertThat(plan("", members).chain().getFirst().retry().persistent())
                    .isFalse();
        }
    }

    @Nested
    class Callers {
        private static Target target(String members) throws Exception {
            return plan("", members).chain().getFirst().target();
        }

        private static String brought(String key) {
            return "\"customer_credentials\":{\"one\":{\"api_key\":\"" + key + "\"}}";
        }

        @Test
        void keysThatCallersBringAreMarkedAndDistinguished() throws Exception {
            assertThat(target("").callersKey()).isFalse();
            Target first = target(brought("sk-1"));
            assertThat(first.callersKey()).isTrue();
            assertThat(first.credential())
                    .matches("caller:[0-9a-f]{32}")
                    .isEqualTo(target(brought("sk-1")).credential())
                    .isNotEqualTo(target(brought("sk-2")).credential());
        }

        /** Two strings that Java's own hash cannot tell apart. */
        @Test
        void keysAreNotDistinguishedByAHashThatCanBeForged() throws Exception {
            assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
            assertThat(target(brought("sk-Aa")).credential())
                    .isNotEqualTo(target(brought("sk-BB")).credential());
        }

        @Test
        void sameKeyAtAnotherAddressIsAnother() throws Exception {
            Target elsewhere = target("\"customer_credentials\":{\"one\":{\"api_key\":\"sk-1\",\"api_base\":"
                    + "\"http://127.0.0.1:9009/v1\"}}");
            assertThat(elsewhere.callersKey()).isTrue();
            assertThat(elsewhere.site()).isEqualTo("http://127.0.0.1:9009/v1");
            assertThat(elsewhere.credential())
                    .isNotEqualTo(target(brought("sk-1")).credential());
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "team-a|\"user\":\"ann\"|team-a",
                    "``|\"user\":\"ann\"|``",
                    "``|\"user\":\"ann\",\"customer_identifier\":\"acme\"|``",
                    "``|\"n\":1|``"
                })
        void callersAreDistinguishedByTheirKeysOnly(String key, String members, String caller) throws Exception {
            CallPlanner planner = planner("");
            for (int i = 0; i < 2; i++) {
                assertThat(planned(planner, Api.CHAT, "one/a", members, Map.of(), key)
                                .plan()
                                .caller())
                        .isEqualTo(caller);
            }
        }

        @Test
        void cachedPlansBelongToNoCaller() throws Exception {
            CallPlanner planner = planner("");
            planned(planner, Api.CHAT, "one/a", "\"user\":\"ann\"", Map.of(), "");
            assertThat(planned(planner, Api.CHAT, "one/a", "", Map.of(), "")
                            .plan()
                            .caller())
                    .isEmpty();
        }
    }
}
