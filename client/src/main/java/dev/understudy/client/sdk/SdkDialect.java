package dev.understudy.client.sdk;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ProviderDialect;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The vendor whose SDK makes the requests: which of its paths are calls of models. */
public enum SdkDialect {
    /** openai-java, also for Azure and for other servers with OpenAI's APIs. */
    OPENAI(
            ProviderDialect.OPENAI,
            List.of(),
            Api.CHAT,
            Api.COMPLETIONS,
            Api.RESPONSES,
            Api.EMBEDDINGS,
            Api.IMAGE_GENERATIONS,
            Api.IMAGE_EDITS,
            Api.IMAGE_VARIATIONS,
            Api.SPEECH,
            Api.TRANSCRIPTIONS,
            Api.TRANSLATIONS,
            Api.MODERATIONS),
    /** anthropic-java. */
    ANTHROPIC(ProviderDialect.ANTHROPIC, List.of("v1"), Api.MESSAGES);

    private static final String AZURE_ROOT = "openai";
    private static final String DEPLOYMENTS = "deployments";

    private final ProviderDialect provider;
    private final Map<Api, List<String>> paths = new EnumMap<>(Api.class);

    SdkDialect(ProviderDialect provider, List<String> root, Api... apis) {
        this.provider = provider;
        for (Api api : apis) {
            List<String> path = new ArrayList<>(root);
            path.addAll(Arrays.asList(api.path().split("/")));
            paths.put(api, List.copyOf(path));
        }
    }

    /** The name that the vendor has as a provider. */
    String vendor() {
        return provider.wireName();
    }

    ProviderDialect provider() {
        return provider;
    }

    /** The API of a request, if it is a call of a model. */
    Optional<Api> api(SdkRequest request) {
        if (!request.method().equals("POST")) {
            return Optional.empty();
        }
        List<String> path = withoutRoot(request.path());
        for (Map.Entry<Api, List<String>> each : paths.entrySet()) {
            if (each.getValue().equals(path)) {
                return Optional.of(each.getKey());
            }
        }
        return Optional.empty();
    }

    /** Azure's SDKs put {@code openai} before the path, and the deployment. */
    private static List<String> withoutRoot(List<String> path) {
        if (path.isEmpty() || !path.getFirst().equals(AZURE_ROOT)) {
            return path;
        }
        return path.subList(isDeployment(path) ? 3 : 1, path.size());
    }

    private static boolean isDeployment(List<String> path) {
        return path.size() > 3 && path.get(0).equals(AZURE_ROOT) && path.get(1).equals(DEPLOYMENTS);
    }

    /** The model that a path names. */
    static Optional<String> deployment(List<String> path) {
        return isDeployment(path) ? Optional.of(path.get(2)) : Optional.empty();
    }

    /**
     * The path of a request for another model at the same account.
     *
     * @param called the model of the request as it was made
     */
    List<String> path(SdkRequest request, Api made, Api api, String called, String model) {
        List<String> path = new ArrayList<>(request.path());
        if (api != made) {
            int root = path.size() - withoutRoot(path).size();
            path = new ArrayList<>(path.subList(0, root));
            path.addAll(paths.getOrDefault(api, List.of(api.path())));
        }
        if (isDeployment(path) && !model.equals(called)) {
            path.set(2, model);
        }
        return path;
    }

    /** The path of a request to an account at another address. */
    List<String> path(URI baseUrl, boolean isAzure, Api api, String model) {
        List<String> path = new ArrayList<>();
        if (isAzure && !baseUrl.getPath().replaceFirst("/+$", "").endsWith("/openai/v1")) {
            path.add(AZURE_ROOT);
            path.add(DEPLOYMENTS);
            path.add(model);
        }
        path.addAll(paths.getOrDefault(api, List.of(api.path())));
        return path;
    }
}
