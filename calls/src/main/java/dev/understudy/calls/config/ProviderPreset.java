package dev.understudy.calls.config;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Providers that need no configuration but their name: their addresses, and the usual environment variables for their
 * keys.
 *
 * <p>Sources are the providers' own pages; a provider with an API of its own is called through
 * that API and not through its translation of OpenAI's.
 */
public enum ProviderPreset {
    OPENAI("https://api.openai.com/v1", keys("OPENAI_API_KEY"), "OPENAI_BASE_URL", ""),
    /** Its own SDKs add {@code /v1} to {@code ANTHROPIC_BASE_URL} by themselves. */
    ANTHROPIC("https://api.anthropic.com/v1", keys("ANTHROPIC_API_KEY"), "ANTHROPIC_BASE_URL", "/v1"),
    GEMINI(
            "https://generativelanguage.googleapis.com/v1beta",
            keys("GEMINI_API_KEY", "GOOGLE_API_KEY"),
            "GOOGLE_GEMINI_BASE_URL",
            ""),
    /** The region ({@code AWS_REGION}) determines the address. */
    BEDROCK("", keys("AWS_BEARER_TOKEN_BEDROCK"), "AWS_ENDPOINT_URL_BEDROCK_RUNTIME", ""),
    /** The address is the account's own. */
    AZURE("", keys("AZURE_OPENAI_API_KEY"), "AZURE_OPENAI_ENDPOINT", ""),
    GROQ("https://api.groq.com/openai/v1", keys("GROQ_API_KEY"), "", ""),
    MISTRAL("https://api.mistral.ai/v1", keys("MISTRAL_API_KEY"), "", ""),
    DEEPSEEK("https://api.deepseek.com/v1", keys("DEEPSEEK_API_KEY"), "", ""),
    TOGETHER("https://api.together.xyz/v1", keys("TOGETHER_API_KEY"), "", ""),
    FIREWORKS("https://api.fireworks.ai/inference/v1", keys("FIREWORKS_API_KEY"), "", ""),
    XAI("https://api.x.ai/v1", keys("XAI_API_KEY"), "", ""),
    COHERE("https://api.cohere.ai/compatibility/v1", keys("COHERE_API_KEY", "CO_API_KEY"), "", ""),
    OPENROUTER("https://openrouter.ai/api/v1", keys("OPENROUTER_API_KEY"), "", ""),
    OLLAMA("http://127.0.0.1:11434/v1", keys(), "OLLAMA_HOST", "/v1"),
    VLLM("http://127.0.0.1:8000/v1", keys(), "", "");

    /** The last version of Azure's inference API that is generally available and dated. */
    static final String AZURE_API_VERSION = "2024-10-21";

    static final List<String> AZURE_API_VERSION_VARIABLES = List.of("AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION");

    private final String baseUrl;
    private final List<String> keyVariables;
    private final String baseUrlVariable;
    private final String addedPath;

    /**
     * @param baseUrl empty where every account has its own
     * @param keyVariables where the key is looked for, in order; none where there is no key
     * @param baseUrlVariable where another address is looked for; empty if there is no usual name
     * @param addedPath what the usual content of that variable lacks
     */
    ProviderPreset(String baseUrl, List<String> keyVariables, String baseUrlVariable, String addedPath) {
        this.baseUrl = baseUrl;
        this.keyVariables = keyVariables;
        this.baseUrlVariable = baseUrlVariable;
        this.addedPath = addedPath;
    }

    private static List<String> keys(String... variables) {
        return List.of(variables);
    }

    /** The preset that a provider of this name has, if it is a well-known one. */
    public static Optional<ProviderPreset> named(String name) {
        return Arrays.stream(values())
                .filter(preset -> preset.providerName().equals(name))
                .findFirst();
    }

    /** The name in configurations and targets. */
    public String providerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Its wire format. */
    public ProviderDialect dialect() {
        return switch (this) {
            case AZURE -> ProviderDialect.AZURE;
            case ANTHROPIC -> ProviderDialect.ANTHROPIC;
            case GEMINI -> ProviderDialect.GEMINI;
            case BEDROCK -> ProviderDialect.BEDROCK;
            default -> ProviderDialect.OPENAI;
        };
    }

    /** Where it is, unless every account has an address of its own. */
    public Optional<URI> baseUrl() {
        return baseUrl.isEmpty() ? Optional.empty() : Optional.of(URI.create(baseUrl));
    }

    /** The environment variables in which its users keep the key; none if it takes no key. */
    public List<String> keyVariables() {
        return keyVariables;
    }

    /** The environment variable in which its users keep another address. */
    public Optional<String> baseUrlVariable() {
        return baseUrlVariable.isEmpty() ? Optional.empty() : Optional.of(baseUrlVariable);
    }

    /** The address in the environment, as a base URL's text, if there is one. */
    Optional<String> baseUrlIn(Environment environment) {
        return baseUrlVariable().flatMap(environment::get).map(text -> {
            String address = this == OLLAMA ? ollamaAddress(text) : text;
            String bare = address.replaceFirst("/+$", "");
            return bare.endsWith(addedPath) ? bare : bare + addedPath;
        });
    }

    /** Whether the environment alone is enough to use it. */
    boolean isUsableIn(Environment environment) {
        boolean hasKey = keyVariables.stream()
                .anyMatch(variable -> environment.get(variable).isPresent());
        boolean hasAddress = baseUrlVariable().flatMap(environment::get).isPresent();
        return switch (this) {
            case AZURE -> hasKey && hasAddress;
            // Its requests can be signed with the credentials that Amazon's own clients find, but it needs a region.
            case BEDROCK ->
                (hasKey || environment.get("AWS_ACCESS_KEY_ID").isPresent())
                        && (hasAddress
                                || ProviderAddress.REGION_VARIABLES.stream()
                                        .anyMatch(variable ->
                                                environment.get(variable).isPresent()));
            // A local server has to be configured: otherwise every model list would include it.
            case OLLAMA -> hasAddress;
            case VLLM -> false;
            default -> hasKey;
        };
    }

    /** {@code OLLAMA_HOST} may be a mere host, or the wildcard that the server listens on. */
    private static String ollamaAddress(String text) {
        String url = text.contains("://") ? text : "http://" + text;
        String withPort = url.matches("http://[^/:]+/?") ? url.replaceFirst("/?$", ":11434") : url;
        return withPort.replace("//0.0.0.0:", "//127.0.0.1:");
    }
}
