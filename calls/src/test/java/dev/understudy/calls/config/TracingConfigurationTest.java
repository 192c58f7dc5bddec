package dev.understudy.calls.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tracing}, and OpenTelemetry's variables, which never keep a gateway from starting. */
class TracingConfigurationTest {
    private static final String RECEIVER = "http://127.0.0.1:4318";

    private static TracingSettings of(String yaml, String... variables) throws InvalidSettings {
        Map<String, String> all = new HashMap<>(Configurations.KEYS);
        for (int i = 0; i < variables.length; i += 2) {
            all.put(variables[i], variables[i + 1]);
        }
        return Configurations.read(yaml, all).tracing();
    }

    private static String receiver(TracingSettings settings) {
        return settings.receiver().map(URI::toString).orElse("none");
    }

    @Test
    void nothingIsTracedWithoutAReceiver() throws InvalidSettings {
        assertThat(of("")).isEqualTo(TracingSettings.OFF);
        assertThat(of("tracing: {sample: 10%}")).isEqualTo(TracingSettings.OFF);
    }

    @Test
    void everyKeyIsRead() throws InvalidSettings {
        TracingSettings settings = of("""
                tracing:
                  endpoint: https://traces.example/otlp/
                  headers: {authorization: "Bearer abc123"}
                  sample: 12.5%
                  propagate: off
                  service: gateway
                  attributes: {deployment.environment.name: prod}
                  timeout: 2s
                """);
        assertThat(receiver(settings)).isEqualTo("https://traces.example/otlp/v1/traces");
        assertThat(settings.revealedHeaders()).containsExactly(Map.entry("authorization", "Bearer abc123"));
        assertThat(settings.sampling()).isEqualTo(new TracingSettings.Sampling(0.125, true));
        assertThat(settings.propagate()).isFalse();
        assertThat(settings.resource())
                .containsEntry("service.name", "gateway")
                .containsEntry("deployment.environment.name", "prod");
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.toString()).doesNotContain("abc123");
    }

    @Test
    void keyInAHeaderIsASecret() throws InvalidSettings {
        Settings settings = Configurations.read(
                "tracing: {endpoint: \"" + RECEIVER + "\", headers: {authorization: Bearer abc123, x-tenant: blue}}");
        assertThat(settings.secrets()).contains("abc123").doesNotContain("blue");
    }

    @ParameterizedTest
    @CsvSource({"10%,0.1", "0.25,0.25", "1,1", "0,0", "100%,1", ".5,0.5"})
    void sharesArePercentagesOrNumbers(String written, double share) throws InvalidSettings {
        assertThat(of("tracing: {endpoint: \"" + RECEIVER + "\", sample: " + written + "}")
                        .sampling()
                        .share())
                .isEqualTo(share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"101%", "2", "-1", "many", "1.5", ""})
    void otherSharesAreProblems(String written) {
        assertThat(Configurations.problems("tracing: {endpoint: \"" + RECEIVER + "\", sample: \"" + written + "\"}"))
                .singleElement()
                .asString()
                .startsWith("f.yaml:1: tracing.sample: ");
    }

    @Test
    void allProblemsAreReported() {
        assertThat(Configurations.problems("""
                        tracing:
                          endpoint: ftp://x
                          propagate: maybe
                          smaple: 10%
                          timeout: 1h
                        """))
                .hasSize(4)
                .anySatisfy(problem ->
                        assertThat(problem).contains("tracing.smaple").contains("sample"));
        assertThat(Configurations.problems("tracing: on"))
                .singleElement()
                .asString()
                .contains("tracing: `on` is not known here");
    }

    @Test
    void fileGoesBeforeTheVariables() throws InvalidSettings {
        assertThat(receiver(of("tracing: off", "OTEL_EXPORTER_OTLP_ENDPOINT", RECEIVER)))
                .isEqualTo("none");
        TracingSettings both = of(
                "tracing: {endpoint: \"http://file:1\", service: of-file}",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                RECEIVER,
                "OTEL_SERVICE_NAME",
                "of-variable",
                "OTEL_TRACES_EXPORTER",
                "none");
        assertThat(receiver(both)).isEqualTo("http://file:1/v1/traces");
        assertThat(both.resource()).containsEntry("service.name", "of-file");
    }

    @Test
    void endpointOfTracesIsTakenAsItIs() throws InvalidSettings {
        assertThat(receiver(of("", "OTEL_EXPORTER_OTLP_ENDPOINT", RECEIVER + "/")))
                .isEqualTo(RECEIVER + "/v1/traces");
        assertThat(receiver(of(
                        "",
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        RECEIVER,
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                        "http://other:9/traces")))
                .isEqualTo("http://other:9/traces");
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_SDK_DISABLED,true",
        "OTEL_TRACES_EXPORTER,none",
        "OTEL_EXPORTER_OTLP_PROTOCOL,grpc",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,nonsense"
    })
    void variablesSwitchItOff(String name, String value) throws InvalidSettings {
        assertThat(receiver(of("", "OTEL_EXPORTER_OTLP_ENDPOINT", RECEIVER, name, value)))
                .isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "always_on,,1,false",
        "parentbased_always_off,,0,true",
        "parentbased_traceidratio,0.25,0.25,true",
        "traceidratio,0.5,0.5,false"
    })
    void samplersAreKnown(String sampler, String argument, double share, boolean asCaller) throws InvalidSettings {
        String[] variables = argument == null
                ? new String[] {"OTEL_EXPORTER_OTLP_ENDPOINT", RECEIVER, "OTEL_TRACES_SAMPLER", sampler}
                : new String[] {
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    RECEIVER,
                    "OTEL_TRACES_SAMPLER",
                    sampler,
                    "OTEL_TRACES_SAMPLER_ARG",
                    argument
                };
        assertThat(of("", variables).sampling()).isEqualTo(new TracingSettings.Sampling(share, asCaller));
    }

    /** They may be set for every program of a cluster. */
    @ParameterizedTest
    @CsvSource({
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,nonsense",
        "OTEL_EXPORTER_OTLP_PROTOCOL,grpc",
        "OTEL_EXPORTER_OTLP_TIMEOUT,soon",
        "OTEL_TRACES_SAMPLER,jaeger_remote",
        "OTEL_EXPORTER_OTLP_HEADERS,nonsense",
        "OTEL_RESOURCE_ATTRIBUTES,a=%zz"
    })
    void wrongVariableIsAWarning(String name, String value) throws InvalidSettings {
        Map<String, String> variables = new HashMap<>(Configurations.KEYS);
        variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", RECEIVER);
        variables.put(name, value);
        assertThat(Configurations.read("", variables).warnings())
                .singleElement()
                .asString()
                .startsWith(name + " is ignored: ");
    }

    @Test
    void changeNeedsARestart() throws InvalidSettings {
        Settings running = Configurations.read("");
        SettingsChange change =
                SettingsChange.of(running, Configurations.read("tracing: {endpoint: \"" + RECEIVER + "\"}"));
        assertThat(change.ignored()).containsExactly("tracing");
        assertThat(change.settings().tracing().receiver()).isEmpty();
    }
}
