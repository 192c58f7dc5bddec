package dev.understudy.gateway.trace;

import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;

/**
 * The names of providers in OpenTelemetry's conventions ({@code gen_ai.provider.name}).
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/registry/attributes/gen-ai/">The registry of attributes</a>
 */
public final class ProviderNames {
    private ProviderNames() {}

    /**
     * The name of a provider that a configuration has under this name. Dialects that only one vendor has tell which it is;
     * others are known by the names that they usually have here, and every other one has its own.
     */
    public static String of(String configured, Settings settings) {
        ProviderSettings provider = settings.providers().get(configured);
        if (provider != null) {
            switch (provider.dialect()) {
                case ANTHROPIC -> {
                    return "anthropic";
                }
                case AZURE -> {
                    return "azure.ai.openai";
                }
                case BEDROCK -> {
                    return "aws.bedrock";
                }
                case GEMINI -> {
                    return provider.access().account().serviceAccount().isPresent() ? "gcp.vertex_ai" : "gcp.gemini";
                }
                case OPENAI, OPENAI_RESPONSES -> {
                    // Many vendors have these.
                }
            }
        }
        return switch (configured) {
            case "gemini" -> "gcp.gemini";
            case "bedrock" -> "aws.bedrock";
            case "azure" -> "azure.ai.openai";
            case "mistral" -> "mistral_ai";
            case "xai" -> "x_ai";
            default -> configured;
        };
    }
}
