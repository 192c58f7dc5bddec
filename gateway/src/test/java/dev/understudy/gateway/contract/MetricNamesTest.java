package dev.understudy.gateway.contract;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.gateway.wire.TraceReceiver;
import dev.understudy.store.StoreOptions;
import dev.understudy.store.Stores;
import dev.understudy.testing.wire.RawCaller;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of metrics, the alert rules and the dashboard name the metrics that a gateway reports, and no others. */
@Timeout(60)
class MetricNamesTest {
    private static final Path HOUSE = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = HOUSE.resolve("docs/reference/metrics.md");
    private static final Path FILES = HOUSE.resolve("deploy/helm/understudy/files");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(understudy_[a-z_]+)` \\| (\\w+) \\| ([^|]*)\\|");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (understudy_\\S+) (\\w+)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(understudy_\\w+?)(\\{([^}]*)})? ");
    private static final Pattern NAME = Pattern.compile("understudy_[a-z_]+");

    @TempDir
    private Path folder;

    private String scrape() {
        String yaml = """
                server:
                  port: 0
                  drain: 0s
                  keys: [{name: limited, key: let-me-in, requests-per-minute: 3}]
                  admin: {open: true}
                providers: {one: {base-url: "${ONE}", api-key: k}}
                models: {m: {targets: [one/a]}}
                prices: {one/a: {input: 1, output: 1}}
                tracing: {endpoint: %s}
                replicas: {valkey: "redis://127.0.0.1:%d"}
                """;
        try (TraceReceiver receiver = TraceReceiver.start();
                GatewayFixture gateway = GatewayFixture.startIn(
                        folder,
                        yaml.formatted(receiver.endpoint(), ScriptedUpstream.unusedPort()),
                        Stores.open(StoreOptions.in(folder)))) {
            gateway.one().answer(Chats.answered("hi")).answerAlways(Chats.streamed());
            gateway.chat(Chats.ask("m"), "authorization: Bearer let-me-in");
            gateway.chat(Chats.askStream("m"), "authorization: Bearer let-me-in");
            for (int i = 0; i < 3; i++) {
                gateway.chat(Chats.ask("m"), "authorization: Bearer let-me-in");
            }
            gateway.log(2);
            try (RawCaller caller = gateway.caller()) {
                return caller.get("/metrics").readAnswer().body();
            }
        }
    }

    /** What a page or a scrape says of a metric: its type, and its labels. */
    private record Metric(String type, Set<String> labels) {}

    private static Map<String, Metric> documented() throws IOException {
        return ROW.matcher(Files.readString(PAGE))
                .results()
                .collect(toMap(
                        row -> row.group(1),
                        row -> new Metric(
                                row.group(2),
                                Pattern.compile("`(\\w+)`")
                                        .matcher(row.group(3))
                                        .results()
                                        .map(label -> label.group(1))
                                        .collect(toCollection(TreeSet::new)))));
    }

    private static Map<String, Metric> reported(String scrape) {
        Map<String, String> types =
                TYPE.matcher(scrape).results().collect(toMap(type -> type.group(1), type -> type.group(2)));
        return types.keySet().stream()
                .filter(name -> !name.endsWith("_max"))
                .collect(toMap(
                        name -> name,
                        name -> new Metric(
                                types.get(name).equals("summary") ? "timer" : types.get(name),
                                SAMPLE.matcher(scrape)
                                        .results()
                                        .filter(sample -> sample.group(1).matches(name + "(_count|_sum|_bucket)?"))
                                        .flatMap(MetricNamesTest::labels)
                                        .collect(toCollection(TreeSet::new)))));
    }

    private static java.util.stream.Stream<String> labels(MatchResult sample) {
        return sample.group(3) == null
                ? java.util.stream.Stream.empty()
                : Arrays.stream(sample.group(3).split(","))
                        .map(label -> label.replaceFirst("=.*", ""))
                        .filter(label -> !label.equals("le"));
    }

    @Test
    void pageHasEveryMetricWithItsTypeAndItsLabels() throws IOException {
        assertThat(documented()).isEqualTo(reported(scrape()));
    }

    @Test
    void rulesAndDashboardNameMetricsThatExist() throws IOException {
        Set<String> samples = SAMPLE.matcher(scrape())
                .results()
                .map(sample -> sample.group(1))
                .collect(toCollection(TreeSet::new));
        for (String file : new String[] {"alerts.yaml", "dashboard.json"}) {
            Set<String> named = NAME.matcher(Files.readString(FILES.resolve(file)))
                    .results()
                    .map(MatchResult::group)
                    .collect(toCollection(TreeSet::new));
            assertThat(named).as(file).hasSizeGreaterThan(8).isSubsetOf(samples);
        }
    }

    @Test
    void dashboardHasAPanelForEachMetricOfCalls() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(FILES.resolve("dashboard.json")));
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            assertThat(panel.path("title").asText()).isNotBlank();
            panel.path("targets")
                    .forEach(target -> assertThat(target.path("expr").asText())
                            .contains("understudy_", "instance=~\"$instance\""));
        }
        assertThat(dashboard.path("uid").asText()).isEqualTo("understudy");
        assertThat(documented().keySet()).allSatisfy(metric -> {
            if (!metric.equals("understudy_connections_limit")
                    && !metric.equals("understudy_traces_sent")
                    && !metric.equals("understudy_config_last_reload_successful")
                    && !metric.startsWith("understudy_replicas_")) {
                assertThat(dashboard.toString()).contains(metric);
            }
        });
    }
}
