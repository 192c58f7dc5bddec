package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.ProviderPreset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The accounts at providers that a configuration uses, each of which becomes a provider of its own. Keys that are written in it
 * are not copied: a variable stands in their place.
 */
final class ImportedAccounts {
    private static final String BEARER = "Bearer ";

    /** What is written where a client insists on a key and the server needs none. */
    private static final Set<String> PLACEHOLDERS =
            Set.of("none", "empty", "fake", "fake-key", "dummy", "anything", "not-needed", "sk-no-key-required");

    private final ConfigurationDraft draft;
    private final Map<Account, String> names = new LinkedHashMap<>();

    /**
     * An account.
     *
     * @param provider the name that such a provider has here
     * @param baseUrl its address as it is written here; empty for the usual one
     * @param key its key; empty if none is written
     * @param further other settings of the provider, by their names here
     */
    record Account(String provider, String baseUrl, AccountKey key, Map<String, String> further) {
        Account {
            further = Map.copyOf(further);
        }
    }

    /**
     * A key of an account.
     *
     * @param variable the environment variable that has it; empty if it is written as such, or there is none
     * @param literal the key itself, by which accounts are told apart and which goes nowhere; empty if there is none
     */
    record AccountKey(String variable, String literal) {
        /** Nothing is written: the provider's usual variable has it, if there is one. */
        static final AccountKey NONE = new AccountKey("", "");

        /** The server needs none. */
        static final AccountKey NOT_NEEDED = new AccountKey("", "none");

        /** The key of an account whose own is kept elsewhere. */
        static AccountKey of(String account) {
            return new AccountKey(variableName(account, "_API_KEY"), "");
        }

        /** Must not be shown. */
        @Override
        public String toString() {
            return variable;
        }
    }

    /** Providers that have OpenAI's API and no preset here: their addresses and the usual variables for their keys. */
    private static final Map<String, List<String>> COMPATIBLE = Map.of(
            "perplexity", List.of("https://api.perplexity.ai", "PERPLEXITY_API_KEY"),
            "cerebras", List.of("https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
            "sambanova", List.of("https://api.sambanova.ai/v1", "SAMBANOVA_API_KEY"),
            "deepinfra", List.of("https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY"),
            "nvidia", List.of("https://integrate.api.nvidia.com/v1", "NVIDIA_API_KEY"),
            "moonshot", List.of("https://api.moonshot.ai/v1", "MOONSHOT_API_KEY"),
            "huggingface", List.of("https://router.huggingface.co/v1", "HF_TOKEN"),
            "vercel", List.of("https://ai-gateway.vercel.sh/v1", "AI_GATEWAY_API_KEY"));

    ImportedAccounts(ConfigurationDraft draft) {
        this.draft = draft;
    }

    /** Whether a provider needs no address. */
    static boolean isKnown(String provider) {
        return ProviderPreset.named(provider).isPresent() || COMPATIBLE.containsKey(provider);
    }

    /** The name of an account in the configuration, to which it is added where it is not there. */
    String name(Account account) {
        String known = names.get(account);
        if (known != null) {
            return known;
        }
        String name = account.provider();
        for (int number = 2; names.containsValue(name); number++) {
            name = account.provider() + "-" + number;
        }
        names.put(account, name);
        write(name, account);
        return name;
    }

    private void write(String name, Account account) {
        ObjectNode provider = draft.at("providers", name);
        Optional<ProviderPreset> preset = ProviderPreset.named(account.provider());
        List<String> compatible = COMPATIBLE.getOrDefault(account.provider(), List.of());
        boolean isFirst = name.equals(account.provider());
        preset.filter(own -> !isFirst)
                .ifPresent(own -> provider.put("dialect", own.dialect().wireName()));
        if (!account.baseUrl().isEmpty()) {
            provider.put("base-url", account.baseUrl());
        } else if (!compatible.isEmpty()) {
            provider.put("base-url", compatible.getFirst());
        } else if (preset.isEmpty()) {
            String variable = variableName(name, "_BASE_URL");
            provider.put("base-url", draft.variable(variable));
            draft.comment("providers." + name, "Its address is not known here; set " + variable + " to it.");
        } else if (!isFirst && preset.get().baseUrl().isPresent()) {
            provider.put("base-url", preset.get().baseUrl().get().toString());
        }
        account.further().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(setting -> provider.put(setting.getKey(), setting.getValue()));
        writeKey(name, account, preset, compatible, provider);
    }

    private void writeKey(
            String name,
            Account account,
            Optional<ProviderPreset> preset,
            List<String> compatible,
            ObjectNode provider) {
        List<String> usual = preset.map(ProviderPreset::keyVariables)
                .orElse(compatible.stream().skip(1).toList());
        if (account.key().equals(AccountKey.NOT_NEEDED)) {
            provider.put("auth", "none");
        } else if (!account.key().variable().isEmpty()) {
            provider.put("api-key", draft.variable(account.key().variable()));
        } else if (!account.key().literal().isEmpty()) {
            String variable = !usual.isEmpty() && name.equals(account.provider())
                    ? usual.getFirst()
                    : variableName(name, "_API_KEY");
            provider.put("api-key", draft.variable(variable));
            draft.comment(
                    "providers." + name,
                    "The key was written in the file that was imported, and is not copied; set " + variable
                            + " to it.");
        } else if (account.further().containsKey("region") || account.further().containsKey("service-account")) {
            return;
        } else if (!usual.isEmpty()) {
            // The preset finds it by itself, but people should see what has to be set.
            provider.put("api-key", draft.variable(usual.getFirst()));
        } else if (preset.isEmpty() && account.baseUrl().isEmpty()) {
            provider.put("api-key", draft.variable(variableName(name, "_API_KEY")));
        }
    }

    private static String variableName(String name, String ending) {
        return name.replaceAll("[^A-Za-z0-9]+", "_").toUpperCase(Locale.ROOT) + ending;
    }

    /** A key as other configurations have it, a variable's name behind one of their prefixes or the key itself. */
    static AccountKey key(String text, String prefixOfVariables) {
        String bare = text.startsWith(BEARER) ? text.substring(BEARER.length()) : text;
        if (bare.isBlank()) {
            return AccountKey.NONE;
        }
        if (PLACEHOLDERS.contains(bare.toLowerCase(Locale.ROOT))) {
            return AccountKey.NOT_NEEDED;
        }
        return bare.startsWith(prefixOfVariables)
                ? new AccountKey(bare.substring(prefixOfVariables.length()), "")
                : new AccountKey("", bare);
    }
}
