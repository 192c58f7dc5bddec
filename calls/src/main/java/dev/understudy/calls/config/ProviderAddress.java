package dev.understudy.calls.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds out where a provider is. */
final class ProviderAddress {
    static final List<String> REGION_VARIABLES = List.of("AWS_REGION", "AWS_DEFAULT_REGION");

    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-[0-9]");

    private final ReadingContext reading;

    ProviderAddress(ReadingContext reading) {
        this.reading = reading;
    }

    /** Amazon's region in the environment. */
    Optional<String> region(ProviderDialect dialect) {
        return dialect != ProviderDialect.BEDROCK
                ? Optional.empty()
                : REGION_VARIABLES.stream()
                        .flatMap(variable -> reading.environment().get(variable).stream())
                        .findFirst();
    }

    /** The address that is written there, or set in the environment, or usual; notes a problem if there is none. */
    Optional<URI> read(
            Section section, Optional<ProviderPreset> preset, ProviderDialect dialect, CloudAccount account) {
        Optional<Entry> stated = section.get("base-url");
        if (stated.isPresent()) {
            return stated.get().parsed("a URL such as https://api.example.com/v1", Quantities::baseUrl);
        }
        Optional<String> ofEnvironment = preset.flatMap(known -> known.baseUrlIn(reading.environment()));
        if (ofEnvironment.isPresent()) {
            try {
                return Optional.of(Quantities.baseUrl(ofEnvironment.get()));
            } catch (IllegalArgumentException wrong) {
                String variable =
                        preset.flatMap(ProviderPreset::baseUrlVariable).orElseThrow();
                reading.environmentProblem(variable, "its value " + wrong.getMessage());
                return Optional.empty();
            }
        }
        if (dialect == ProviderDialect.BEDROCK && account.region().isPresent()) {
            return section.get("region").isEmpty()
                    ? regional(account.region().get())
                    : section.get("region").get().parsed("a region such as us-east-1", ProviderAddress::bedrockAt);
        }
        Optional<URI> usual = preset.flatMap(ProviderPreset::baseUrl);
        if (usual.isEmpty() && dialect == ProviderDialect.BEDROCK) {
            section.problem(
                    "has no region; write one such as us-east-1, or set " + String.join(" or ", REGION_VARIABLES));
        } else if (usual.isEmpty()) {
            section.problem(preset.flatMap(ProviderPreset::baseUrlVariable)
                    .map(variable -> "has no base-url; write one such as https://RESOURCE.openai.azure.com, or"
                            + " set " + variable)
                    .orElse("has no base-url; write one such as http://127.0.0.1:8000/v1"));
        }
        return usual;
    }

    private Optional<URI> regional(String region) {
        try {
            return Optional.of(bedrockAt(region));
        } catch (IllegalArgumentException wrong) {
            reading.environmentProblem(REGION_VARIABLES.getFirst(), "its value " + wrong.getMessage());
            return Optional.empty();
        }
    }

    private static URI bedrockAt(String region) {
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("is not an AWS region; write one such as us-east-1");
        }
        return URI.create("https://bedrock-runtime." + region + ".amazonaws.com");
    }
}
