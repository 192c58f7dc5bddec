package dev.understudy.gateway.catalog;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Model names whose provider is well known, so that callers need not write it. */
final class WellKnownNames {
    private static final Map<String, Pattern> BY_PROVIDER = new LinkedHashMap<>();

    static {
        // A fine-tuned model carries its base's name.
        put("openai", "(ft:)?(gpt-|chatgpt-|o[134](-|$)).*");
        put("anthropic", "claude-.+");
        put("gemini", "gemini-.+");
        put("mistral", "(open-)?(mistral|mixtral|ministral|magistral|codestral|devstral|pixtral)-.+");
        put("deepseek", "deepseek-.+");
        put("xai", "grok-.+");
        put("cohere", "(command|c4ai)-.+");
        // Fine-tuned models at OpenPipe are called openpipe:name everywhere.
        put("openpipe", "openpipe:.+");
    }

    private WellKnownNames() {}

    private static void put(String provider, String pattern) {
        BY_PROVIDER.put(provider, Pattern.compile(pattern));
    }

    /** The provider of a model, whether it is configured or not. */
    static Optional<String> providerOf(String model) {
        return BY_PROVIDER.entrySet().stream()
                .filter(each -> each.getValue().matcher(model).matches())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
