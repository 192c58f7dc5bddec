package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.gateway.imports.ImportedAccounts.Account;
import dev.understudy.gateway.imports.ImportedAccounts.AccountKey;
import dev.understudy.gateway.imports.ImportedChain.Member;
import dev.understudy.gateway.imports.ImportedChain.Sharing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Imports a config of Portkey. Its targets may leave the model to the request, which a chain here cannot. */
final class PortkeyImport {
    private static final int SLUG_AND_MODEL = 2;

    /** The names of providers, as they are here. */
    private static final Map<String, String> PROVIDERS = Map.ofEntries(
            Map.entry("openai", "openai"),
            Map.entry("azure-openai", "azure"),
            Map.entry("azure", "azure"),
            Map.entry("anthropic", "anthropic"),
            Map.entry("google", "gemini"),
            Map.entry("gemini", "gemini"),
            Map.entry("bedrock", "bedrock"),
            Map.entry("groq", "groq"),
            Map.entry("mistral-ai", "mistral"),
            Map.entry("mistral", "mistral"),
            Map.entry("deepseek", "deepseek"),
            Map.entry("together-ai", "together"),
            Map.entry("together", "together"),
            Map.entry("fireworks-ai", "fireworks"),
            Map.entry("fireworks", "fireworks"),
            Map.entry("x-ai", "xai"),
            Map.entry("xai", "xai"),
            Map.entry("cohere", "cohere"),
            Map.entry("openrouter", "openrouter"),
            Map.entry("ollama", "ollama"),
            Map.entry("perplexity-ai", "perplexity"),
            Map.entry("perplexity", "perplexity"),
            Map.entry("cerebras", "cerebras"),
            Map.entry("sambanova", "sambanova"),
            Map.entry("deepinfra", "deepinfra"));

    private static final Set<String> KNOWN = Set.of(
            "strategy",
            "targets",
            "name",
            "provider",
            "virtual_key",
            "api_key",
            "custom_host",
            "override_params",
            "weight",
            "retry",
            "request_timeout",
            "azure_resource_name",
            "azure_api_version",
            "azure_deployment_id",
            "aws_region");

    private final ConfigurationDraft draft;
    private final ImportedAccounts accounts;
    private final Optional<String> usualModel;

    private PortkeyImport(ConfigurationDraft draft, Optional<String> usualModel) {
        this.draft = draft;
        this.accounts = new ImportedAccounts(draft);
        this.usualModel = usualModel;
    }

    /** What a level of the config says for all targets below it. */
    private record Level(JsonNode overrides, JsonNode retry, JsonNode timeout) {
        static final Level NONE = new Level(
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.missingNode(),
                JsonNodeFactory.instance.missingNode());

        Level below(JsonNode node) {
            return new Level(
                    node.has("override_params") ? node.path("override_params") : overrides,
                    node.has("retry") ? node.path("retry") : retry,
                    node.has("request_timeout") ? node.path("request_timeout") : timeout);
        }
    }

    /**
     * Imports a config.
     *
     * @param name of the model whose chain it becomes
     * @param usualModel the model of targets that name none
     * @throws InvalidImport if it is none, or no target of it names a model
     */
    static void read(JsonNode config, String name, Optional<String> usualModel, ConfigurationDraft draft)
            throws InvalidImport {
        if (!config.isObject() || !(config.has("targets") || config.has("provider") || config.has("virtual_key"))) {
            throw new InvalidImport("has neither targets nor a provider; is it a config of Portkey?");
        }
        new PortkeyImport(draft, usualModel).model(name, config);
        if (!draft.has("models")) {
            throw new InvalidImport(
                    "names no model for any target; name the model that your requests use with --model");
        }
    }

    private void model(String name, JsonNode config) {
        ImportedChain chain = new ImportedChain();
        String mode = config.path("strategy").path("mode").asText();
        if (mode.equals("conditional")) {
            conditional(name, config, chain);
        } else {
            add(chain, config, Level.NONE, name);
        }
        if (!chain.isEmpty()) {
            chain.write(draft, draft.at("models", name));
        }
    }

    /** Each target is a model of its own, among which callers choose; the default has the name of the whole. */
    private void conditional(String name, JsonNode config, ImportedChain chain) {
        String usual = config.path("strategy").path("default").asText();
        Level level = Level.NONE.below(config);
        List<String> names = new ArrayList<>();
        for (JsonNode target : config.path("targets")) {
            String own = target.path("name").asText();
            if (own.equals(usual)) {
                add(chain, target, level, name);
            } else if (!own.isEmpty()) {
                ImportedChain ofTarget = new ImportedChain();
                add(ofTarget, target, level, own);
                if (!ofTarget.isEmpty()) {
                    String called = name + "-" + own;
                    ofTarget.write(draft, draft.at("models", called));
                    names.add(called);
                }
            }
        }
        draft.noCounterpart(
                "strategy.conditions",
                "requests choose by the name of the model instead: " + name
                        + (names.isEmpty() ? "" : ", or " + String.join(", ", names)));
    }

    /** Adds what a node stands for, be it a target or a strategy over others. */
    private void add(ImportedChain chain, JsonNode node, Level around, String path) {
        Level level = around.below(node);
        notes(node, path);
        if (!node.path("targets").isArray()) {
            member(node, level, path).ifPresent(target -> chain.add(Sharing.WEIGHTED, List.of(target)));
            return;
        }
        String mode = node.path("strategy").path("mode").asText();
        if (!mode.equals("loadbalance")) {
            if (mode.equals("conditional")) {
                draft.noCounterpart(
                        path + ".strategy", "conditions inside of other strategies; all targets are tried in order");
            }
            int index = 0;
            for (JsonNode target : node.path("targets")) {
                add(chain, target, level, path + ".targets[" + index++ + "]");
            }
            return;
        }
        List<Member> members = new ArrayList<>();
        int index = 0;
        for (JsonNode target : node.path("targets")) {
            String own = path + ".targets[" + index++ + "]";
            if (Numbers.of(target.path("weight"))
                    .filter(weight -> weight.signum() == 0)
                    .isPresent()) {
                draft.noCounterpart(own, "left out, since its weight is 0");
            } else if (target.path("targets").isArray()) {
                draft.noCounterpart(
                        own, "a strategy inside of loadbalance; its targets share the load with the others");
                target.path("targets")
                        .forEach(
                                below -> member(below, level.below(target), own).ifPresent(members::add));
            } else {
                notes(target, own);
                member(target, level.below(target), own).ifPresent(members::add);
            }
        }
        chain.add(Sharing.WEIGHTED, members);
    }

    private Optional<Member> member(JsonNode target, Level level, String path) {
        String written = level.overrides().path("model").asText(usualModel.orElse(""));
        String slug = target.path("virtual_key").asText(target.path("provider").asText());
        // The model catalog writes @slug/model.
        if (written.startsWith("@") && written.contains("/")) {
            String[] parts = written.substring(1).split("/", SLUG_AND_MODEL);
            slug = parts[0];
            written = parts[1];
        }
        String model = target.path("azure_deployment_id").asText(written);
        if (model.isEmpty()) {
            draft.noCounterpart(
                    path, "names no model (override_params.model), so that the request's would be used; see --model");
            return Optional.empty();
        }
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        TimeLimits.put(own, Numbers.of(level.timeout()).map(millis -> millis.movePointLeft(3)), Optional.empty());
        Numbers.whole(level.retry().path("attempts"))
                .ifPresent(attempts -> own.withObjectProperty("retry").put("attempts", Math.clamp(attempts, 0, 10)));
        return Optional.of(new Member(
                accounts.name(account(target, slug)) + "/" + model,
                Numbers.of(target.path("weight")).orElse(BigDecimal.ONE),
                own));
    }

    private Account account(JsonNode target, String slug) {
        String bare = slug.replaceFirst("^@", "");
        Optional<String> known = provider(bare);
        String provider = known.orElse(bare.isEmpty() ? "openai" : bare.replaceAll("[^A-Za-z0-9._-]", "-"));
        Map<String, String> further = new LinkedHashMap<>();
        String host =
                target.path("custom_host").asText().replaceFirst("/+$", "").replace("${", "$${");
        if (provider.equals("azure")) {
            String resource = target.path("azure_resource_name").asText();
            if (host.isEmpty() && !resource.isEmpty()) {
                host = "https://" + resource.replaceAll("[^A-Za-z0-9-]", "") + ".openai.azure.com";
            }
            if (target.has("azure_api_version")) {
                further.put("api-version", target.path("azure_api_version").asText());
            }
        }
        if (provider.equals("bedrock") && target.has("aws_region")) {
            further.put("region", target.path("aws_region").asText());
        }
        boolean isKept = target.has("virtual_key") || slug.startsWith("@");
        AccountKey key = isKept && !ImportedAccounts.isKnown(provider)
                ? AccountKey.of(provider)
                : ImportedAccounts.key(target.path("api_key").asText(), "os.environ/");
        Account account = new Account(provider, host, key, further);
        if (isKept) {
            draft.comment(
                    "providers." + accounts.name(account),
                    "Its key is kept at Portkey (" + slug + "), and has to be set here.");
        }
        return account;
    }

    /** Slugs usually begin with the provider's name: {@code openai-prod-1a2b3c}. */
    private static Optional<String> provider(String slug) {
        String exact = PROVIDERS.get(slug);
        return exact != null
                ? Optional.of(exact)
                : PROVIDERS.keySet().stream()
                        .filter(name -> slug.startsWith(name + "-"))
                        .max(Comparator.comparingInt(String::length))
                        .map(PROVIDERS::get);
    }

    /** What of a node has no counterpart. */
    private void notes(JsonNode node, String path) {
        if (node.path("strategy").has("on_status_codes")) {
            draft.noCounterpart(
                    path + ".strategy.on_status_codes",
                    node.path("strategy").path("on_status_codes")
                            + "; here each failure that another target may not have"
                            + " goes to the next one, and refusals by content filters with fallback-on: [content-policy]");
        }
        if (node.path("retry").has("on_status_codes")) {
            draft.noCounterpart(
                    path + ".retry.on_status_codes", "transient failures are retried, whatever their status");
        }
        List<String> others = new ArrayList<>();
        node.path("override_params").fieldNames().forEachRemaining(name -> {
            if (!name.equals("model")) {
                others.add("override_params." + name);
            }
        });
        node.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                others.add(name);
            }
        });
        if (!others.isEmpty()) {
            draft.noCounterpart(path, String.join(", ", others));
        }
    }
}
