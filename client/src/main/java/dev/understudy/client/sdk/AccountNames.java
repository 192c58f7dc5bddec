package dev.understudy.client.sdk;

import dev.understudy.calls.config.ProviderPreset;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names for the accounts of SDKs, by their addresses: the provider's part of a target in trails and in fallbacks. */
final class AccountNames {
    private static final String AZURE = "azure";

    /** The hosts at which Azure has OpenAI's models; openai-java knows the same ones. */
    private static final List<String> AZURE_HOSTS =
            List.of(".openai.azure.com", ".services.ai.azure.com", ".azure-api.net", ".cognitiveservices.azure.com");

    private AccountNames() {}

    /**
     * The name of the account at an address: that of a configured provider with the same address, else of the vendor, else the
     * host, with the port if it has one.
     */
    static String of(URI baseUrl, Settings settings) {
        Optional<String> configured = settings.providers().values().stream()
                .filter(provider -> trimmed(provider.baseUrl()).equals(trimmed(baseUrl)))
                .map(ProviderSettings::name)
                .findFirst();
        return configured
                .or(() -> vendor(baseUrl)
                        .filter(name -> !settings.providers().containsKey(name)
                                || sameHost(settings.providers().get(name).baseUrl(), baseUrl)))
                .orElseGet(() -> ofHost(baseUrl));
    }

    private static String trimmed(URI url) {
        return url.toString().replaceFirst("/+$", "");
    }

    private static boolean sameHost(URI one, URI other) {
        return host(one).equals(host(other)) && one.getPort() == other.getPort();
    }

    /** The well-known provider at an address. */
    static Optional<String> vendor(URI baseUrl) {
        String host = host(baseUrl);
        if (AZURE_HOSTS.stream().anyMatch(host::endsWith)) {
            return Optional.of(AZURE);
        }
        return Arrays.stream(ProviderPreset.values())
                .filter(preset ->
                        preset.baseUrl().filter(url -> host(url).equals(host)).isPresent())
                .filter(preset -> !isLocal(host))
                .map(ProviderPreset::providerName)
                .findFirst();
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.");
    }

    /** Whether an address is one of OpenAI's own, or Azure's, which have all of OpenAI's APIs. */
    static boolean isOpenAi(URI baseUrl) {
        return vendor(baseUrl)
                .filter(name -> name.equals("openai") || name.equals(AZURE))
                .isPresent();
    }

    /** Whether requests name the deployment in their path. */
    static boolean isAzure(URI baseUrl) {
        return vendor(baseUrl).equals(Optional.of(AZURE));
    }

    private static String host(URI url) {
        return Optional.ofNullable(url.getHost()).orElse("").toLowerCase(Locale.ROOT);
    }

    private static String ofHost(URI baseUrl) {
        String host = host(baseUrl).replaceAll("[^a-z0-9._-]", "-");
        String named = host.isEmpty() ? "sdk" : host.replaceFirst("^[^a-z0-9]+", "");
        return baseUrl.getPort() < 0 ? named : named + "-" + baseUrl.getPort();
    }
}
