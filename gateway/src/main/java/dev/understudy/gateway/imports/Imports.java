package dev.understudy.gateway.imports;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.SettingsDocument;
import dev.understudy.calls.config.SettingsLayer;
import dev.understudy.calls.config.SettingsReader;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Makes configurations of those of other gateways. Reads and writes no files. */
public final class Imports {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Imports() {}

    /**
     * A configuration.
     *
     * @param text its YAML
     * @param variables the environment variables that it needs
     */
    public record Imported(String text, Collection<String> variables) {}

    /**
     * The configuration of LiteLLM's proxy.
     *
     * @param name what messages call it
     * @throws InvalidSettings if it is no YAML
     * @throws InvalidImport if it is not LiteLLM's
     */
    public static Imported liteLlm(String name, String yaml) throws InvalidSettings, InvalidImport {
        ConfigurationDraft draft = draft("LiteLLM's configuration", name);
        JsonNode tree = new SettingsReader(Environment.of(Map.of()))
                .tree(new SettingsDocument(name, Optional.of(yaml)), SettingsLayer.EMPTY);
        LiteLlmImport.read(tree, draft);
        return imported(draft);
    }

    /**
     * A config of Portkey.
     *
     * @param name what messages call it
     * @param model the name that callers will use
     * @param usualModel the model of targets that name none
     * @throws InvalidImport if it is no JSON, or not Portkey's
     */
    public static Imported portkey(String name, String json, String model, Optional<String> usualModel)
            throws InvalidImport {
        ConfigurationDraft draft = draft("Portkey's config", name);
        PortkeyImport.read(json(json), model, usualModel, draft);
        return imported(draft);
    }

    /**
     * The routing of a request to OpenRouter.
     *
     * @param name what messages call it
     * @param model the name that callers will use
     * @throws InvalidImport if it is no JSON, or names no model
     */
    public static Imported openRouter(String name, String json, String model) throws InvalidImport {
        ConfigurationDraft draft = draft("a request to OpenRouter", name);
        OpenRouterImport.read(json(json), model, draft);
        return imported(draft);
    }

    private static ConfigurationDraft draft(String what, String name) {
        ConfigurationDraft draft = new ConfigurationDraft();
        draft.head("Made of " + what + " (" + name + "). Check it with: understudy check --config FILE");
        return draft;
    }

    private static Imported imported(ConfigurationDraft draft) {
        return new Imported(draft.text(), draft.variables());
    }

    private static JsonNode json(String text) throws InvalidImport {
        try {
            return JSON.readTree(text);
        } catch (JacksonException wrong) {
            throw new InvalidImport("is not JSON (line " + wrong.getLocation().getLineNr() + ")");
        }
    }
}
