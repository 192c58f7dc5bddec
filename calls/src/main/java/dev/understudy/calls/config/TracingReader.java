package dev.understudy.calls.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads {@code tracing}, and OpenTelemetry's own variables for what it leaves open.
 *
 * <p>These variables are often set for all programs of a host or a cluster. A value that cannot be used is therefore ignored with a
 * warning, as the specification requires, and never keeps the gateway from starting.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">OpenTelemetry's variables</a>
 */
final class TracingReader {
    private static final String PATH = "/v1/traces";
    private static final String SERVICE = "service.name";
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern NUMBER = Pattern.compile("0?\\.\\d{1,9}|[01](\\.0*)?");

    private final Environment environment;
    private final List<String> warnings = new ArrayList<>();

    private TracingReader(Environment environment) {
        this.environment = environment;
    }

    /** @param stated what the configuration has below {@code tracing}; empty if it has no such key */
    static TracingSettings read(Optional<Entry> stated, Environment environment) {
        if (stated.isPresent() && !stated.get().isMapping()) {
            return stated.get()
                    .parsed("off, or endpoint, sample, headers and so on", TracingReader::off)
                    .orElse(TracingSettings.OFF);
        }
        TracingReader reader = new TracingReader(environment);
        return reader.read(stated.flatMap(Entry::section)
                .map(section -> section.only(
                        "endpoint", "headers", "sample", "propagate", "service", "attributes", "timeout")));
    }

    private static TracingSettings off(String text) {
        if (!text.equals("off") && !text.equals("false")) {
            throw new IllegalArgumentException("is not known here; write off, or {endpoint: …, sample: …}");
        }
        return TracingSettings.OFF;
    }

    private TracingSettings read(Optional<Section> stated) {
        Optional<Entry> endpoint = stated.flatMap(section -> section.get("endpoint"));
        Optional<URI> receiver = endpoint.isPresent()
                ? endpoint.get()
                        .parsed("the address of a receiver such as http://127.0.0.1:4318", TracingReader::receiver)
                : isSwitchedOff() ? Optional.empty() : receiverOfEnvironment();
        // What is written is read in any case, so that every problem of it is found.
        Map<String, Credential> headers = stated.flatMap(section -> section.section("headers"))
                .map(TracingReader::headers)
                .orElseGet(() -> receiver.isPresent() ? headersOfEnvironment() : Map.of());
        TracingSettings.Sampling sampling = stated.flatMap(section -> section.get("sample"))
                .map(entry -> new TracingSettings.Sampling(
                        entry.parsed("a share such as 10%", TracingReader::share)
                                .orElse(TracingSettings.OFF.sampling().share()),
                        true))
                .orElseGet(() -> receiver.isPresent() ? samplingOfEnvironment() : TracingSettings.OFF.sampling());
        boolean propagate = stated.flatMap(section -> section.get("propagate"))
                .flatMap(entry -> entry.parsed("on or off", Quantities::onOrOff))
                .orElse(true);
        Map<String, String> resource = resourceOfEnvironment();
        stated.flatMap(section -> section.section("attributes"))
                .ifPresent(section -> section.entries()
                        .forEach((name, entry) -> entry.text().ifPresent(text -> resource.put(name, text))));
        stated.flatMap(section -> section.get("service"))
                .flatMap(Entry::text)
                .ifPresent(name -> resource.put(SERVICE, name));
        Duration timeout = stated.flatMap(section -> section.get("timeout"))
                .flatMap(entry -> entry.parsed("a duration such as 10s", TracingReader::timeout))
                .orElseGet(this::timeoutOfEnvironment);
        if (receiver.isEmpty()) {
            return new TracingSettings(
                    Optional.empty(),
                    Map.of(),
                    TracingSettings.OFF.sampling(),
                    true,
                    Map.of(),
                    TracingSettings.OFF.timeout(),
                    warnings);
        }
        return new TracingSettings(receiver, headers, sampling, propagate, resource, timeout, warnings);
    }

    private static URI receiver(String text) {
        URI url = Quantities.baseUrl(text);
        return url.getRawPath().endsWith(PATH) ? url : URI.create(url + PATH);
    }

    private static double share(String text) {
        return NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Quantities.share(text);
    }

    private static Duration timeout(String text) {
        Duration timeout = Quantities.duration(text);
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("is out of range; it must be from 1ms to 1m");
        }
        return timeout;
    }

    private static Map<String, Credential> headers(Section section) {
        Map<String, Credential> headers = new LinkedHashMap<>();
        section.entries().forEach((name, entry) -> {
            if (!HEADER_NAME.matcher(name).matches()) {
                entry.problem("this is not a valid header name");
            }
            entry.text().ifPresent(text -> {
                if (isHeaderValue(text)) {
                    headers.put(name, Credential.of(text));
                } else {
                    entry.problem("the value contains a character that is invalid in headers");
                }
            });
        });
        return headers;
    }

    private static boolean isHeaderValue(String text) {
        return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c < 127);
    }

    // The variables.

    private boolean isSwitchedOff() {
        boolean disabled = environment
                .get("OTEL_SDK_DISABLED")
                .filter("true"::equalsIgnoreCase)
                .isPresent();
        return disabled
                || environment
                        .get("OTEL_TRACES_EXPORTER")
                        .filter(exporter -> !exporter.contains("otlp"))
                        .isPresent();
    }

    /** The variable of traces goes before the one of all signals; the second is an address to which the path is added. */
    private Optional<URI> receiverOfEnvironment() {
        Optional<Named> ofTraces = named("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        Optional<Named> endpoint = ofTraces.or(() -> named("OTEL_EXPORTER_OTLP_ENDPOINT"));
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        Optional<Named> protocol = either("PROTOCOL");
        if (protocol.isPresent() && !protocol.get().value().startsWith("http/")) {
            ignored(protocol.get(), "only http/protobuf is possible here, so calls are not traced");
            return Optional.empty();
        }
        try {
            Quantities.baseUrl(endpoint.get().value());
            return Optional.of(
                    ofTraces.isPresent()
                            ? new URI(endpoint.get().value())
                            : receiver(endpoint.get().value()));
        } catch (IllegalArgumentException | URISyntaxException wrong) {
            ignored(endpoint.get(), "it is not an address that begins with http:// or https://");
            return Optional.empty();
        }
    }

    private Map<String, Credential> headersOfEnvironment() {
        Map<String, Credential> headers = new LinkedHashMap<>();
        either("HEADERS")
                .ifPresent(variable -> pairs(variable).forEach((name, value) -> {
                    if (HEADER_NAME.matcher(name).matches() && isHeaderValue(value)) {
                        headers.put(name, Credential.of(value));
                    } else {
                        ignored(variable, "it contains a character that is invalid in headers");
                    }
                }));
        return headers;
    }

    private TracingSettings.Sampling samplingOfEnvironment() {
        TracingSettings.Sampling usual = TracingSettings.OFF.sampling();
        Optional<Named> sampler = named("OTEL_TRACES_SAMPLER");
        if (sampler.isEmpty()) {
            return usual;
        }
        String name = sampler.get().value();
        boolean asCaller = name.startsWith("parentbased_");
        return switch (asCaller ? name.substring("parentbased_".length()) : name) {
            case "always_on" -> new TracingSettings.Sampling(1, asCaller);
            case "always_off" -> new TracingSettings.Sampling(0, asCaller);
            case "traceidratio" -> new TracingSettings.Sampling(shareOfEnvironment(), asCaller);
            default -> {
                ignored(sampler.get(), "this sampler is not known here");
                yield usual;
            }
        };
    }

    private double shareOfEnvironment() {
        Optional<Named> share = named("OTEL_TRACES_SAMPLER_ARG");
        if (share.isPresent() && !NUMBER.matcher(share.get().value()).matches()) {
            ignored(share.get(), "it is not a number from 0 to 1");
            return 1;
        }
        return share.map(each -> Double.parseDouble(each.value())).orElse(1.0);
    }

    private Map<String, String> resourceOfEnvironment() {
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put(SERVICE, "understudy");
        named("OTEL_RESOURCE_ATTRIBUTES").ifPresent(variable -> resource.putAll(pairs(variable)));
        named("OTEL_SERVICE_NAME").ifPresent(variable -> resource.put(SERVICE, variable.value()));
        return resource;
    }

    private Duration timeoutOfEnvironment() {
        Optional<Named> millis = either("TIMEOUT");
        if (millis.isPresent()) {
            try {
                return timeout(millis.get().value() + "ms");
            } catch (IllegalArgumentException wrong) {
                ignored(millis.get(), "it is not a number of milliseconds from 1 to 60000");
            }
        }
        return TracingSettings.OFF.timeout();
    }

    /** Lists such as {@code a=1,b=2}, in which what stands for itself is escaped as in addresses. */
    private Map<String, String> pairs(Named variable) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : variable.value().split(",", -1)) {
            int equals = pair.indexOf('=');
            try {
                if (equals > 0) {
                    pairs.put(
                            pair.substring(0, equals).strip(),
                            URLDecoder.decode(
                                    pair.substring(equals + 1).strip().replace("+", "%2B"), StandardCharsets.UTF_8));
                } else if (!pair.isBlank()) {
                    ignored(variable, "a part of it has no = sign");
                }
            } catch (IllegalArgumentException wrong) {
                ignored(variable, "a part of it has an invalid escape");
            }
        }
        return pairs;
    }

    private record Named(String name, String value) {}

    private Optional<Named> named(String name) {
        return environment.get(name).map(value -> new Named(name, value));
    }

    private Optional<Named> either(String what) {
        return named("OTEL_EXPORTER_OTLP_TRACES_" + what).or(() -> named("OTEL_EXPORTER_OTLP_" + what));
    }

    private void ignored(Named variable, String why) {
        warnings.add(variable.name() + " is ignored: " + why);
    }
}
