package dev.understudy.gateway.http;

import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The APIs of the vendors that the gateway does not serve: what they hold belongs to one account, so there is no fallback.
 *
 * <p>{@code docs/reference/http.md} has the same list, by the same names; the SDKs' own tests in {@code compat/} request each of its
 * paths.
 */
final class UnservedApis {
    /** By the beginning of the path behind the version. */
    private static final Map<String, String> BY_PATH = byPath();

    private static final String STORED_CHAT = "chat/completions";

    private static final String AZURE = "/openai/deployments/";
    private static final String VERTEX = "/locations/";

    private UnservedApis() {}

    private static Map<String, String> byPath() {
        Map<String, String> names = new LinkedHashMap<>();
        add(names, "files", "files", "uploads");
        add(names, "batches", "batches", "messages/batches");
        add(names, "fine-tuning", "fine_tuning", "fine-tunes");
        add(names, "vector stores", "vector_stores");
        add(names, "assistants", "assistants", "threads");
        add(names, "conversations", "conversations");
        add(names, "realtime sessions", "realtime", "live");
        add(names, "voices", "audio/voices", "audio/voice_consents");
        add(names, "containers", "containers");
        add(names, "evals", "evals");
        add(names, "videos", "videos");
        add(names, "skills", "skills");
        add(
                names,
                "agents",
                "agents",
                "sessions",
                "environments",
                "vaults",
                "memory_stores",
                "deployments",
                "deployment_runs",
                "dreams",
                "tunnels",
                "chatkit");
        add(names, "decisions", "decisions");
        add(names, "safety reviews", "safety", "content_provenance_checks");
        add(names, "webhooks", "webhook_endpoints", "webhook_event_types");
        add(names, "organization settings", "organization", "organizations", "projects", "user_profiles");
        add(names, "cached contents", "cachedContents");
        add(names, "tuned models", "tunedModels");
        add(names, "corpora", "corpora");
        return names;
    }

    private static void add(Map<String, String> names, String name, String... paths) {
        for (String path : paths) {
            names.put(path, name);
        }
    }

    /** What a request is for, if it is for one of these. Calls are served before this is looked up. */
    static Optional<String> at(HttpMethod method, String path) {
        String rest = path.replaceFirst("^/(upload/|openai/|api/)?(v1beta|v1)?/?", "");
        if (rest.startsWith(STORED_CHAT + "/") || (rest.equals(STORED_CHAT) && method.equals(HttpMethod.GET))) {
            return Optional.of("stored chat completions");
        }
        if (rest.startsWith("models/") && method.equals(HttpMethod.DELETE)) {
            return Optional.of("deletions of models");
        }
        if (path.startsWith(AZURE) || path.contains(VERTEX)) {
            // Azure's deployments and Vertex AI's projects are names of models.
            return Optional.empty();
        }
        return BY_PATH.entrySet().stream()
                .filter(api -> rest.equals(api.getKey()) || rest.startsWith(api.getKey() + "/"))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
