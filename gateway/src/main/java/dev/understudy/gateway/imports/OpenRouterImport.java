package dev.understudy.gateway.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.gateway.imports.ImportedAccounts.Account;
import dev.understudy.gateway.imports.ImportedAccounts.AccountKey;
import dev.understudy.gateway.imports.ImportedChain.Member;
import dev.understudy.gateway.imports.ImportedChain.Sharing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Imports the routing of a request to OpenRouter. Its targets stay at OpenRouter, so that they answer as before; comments tell what
 * they are at the vendors themselves, which is what is worth changing.
 */
final class OpenRouterImport {
    /** Vendors before the slash of a model that have a preset here. */
    private static final Map<String, String> VENDORS = Map.of(
            "openai", "openai",
            "anthropic", "anthropic",
            "google", "gemini",
            "mistralai", "mistral",
            "deepseek", "deepseek",
            "x-ai", "xai",
            "cohere", "cohere");

    private OpenRouterImport() {}

    /**
     * Imports the routing of a request.
     *
     * @param name of the model whose chain it becomes
     * @throws InvalidImport if it names no model
     */
    static void read(JsonNode request, String name, ConfigurationDraft draft) throws InvalidImport {
        Set<String> models = new LinkedHashSet<>();
        if (!request.path("model").asText().isEmpty()) {
            models.add(request.path("model").asText());
        }
        request.path("models").forEach(model -> models.add(model.asText()));
        models.remove("");
        if (models.isEmpty()) {
            throw new InvalidImport("names no model (model or models); is it the body of a request to OpenRouter?");
        }
        String account = new ImportedAccounts(draft).name(new Account("openrouter", "", AccountKey.NONE, Map.of()));
        ImportedChain chain = new ImportedChain();
        List<String> direct = new ArrayList<>();
        for (String model : models) {
            chain.add(
                    Sharing.WEIGHTED,
                    List.of(new Member(account + "/" + model, BigDecimal.ONE, JsonNodeFactory.instance.objectNode())));
            int slash = model.indexOf('/');
            String vendor = slash < 0 ? null : VENDORS.get(model.substring(0, slash));
            if (vendor != null && model.indexOf(':') < 0) {
                direct.add(vendor + "/" + model.substring(slash + 1));
            }
        }
        chain.write(draft, draft.at("models", name));
        if (!direct.isEmpty()) {
            draft.comment(
                    "models." + name,
                    "All of these fail together when OpenRouter does. Add targets at the vendors, under their own names of"
                            + " the models, such as " + String.join(", ", direct)
                            + "; such a provider needs a line under providers and its key.");
        }
        JsonNode provider = request.path("provider");
        if (!provider.isEmpty()) {
            List<String> members = new ArrayList<>();
            provider.fieldNames().forEachRemaining(members::add);
            draft.noCounterpart(
                    "provider (" + String.join(", ", members) + ")",
                    "leave it in the requests: it reaches OpenRouter as it is, and order, only, ignore and"
                            + " allow_fallbacks are also followed for the targets of the chain");
        }
        if (request.has("transforms") || request.has("plugins")) {
            draft.noCounterpart("transforms, plugins", "leave them in the requests: they reach OpenRouter as they are");
        }
    }
}
