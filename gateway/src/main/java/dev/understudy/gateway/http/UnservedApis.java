package dev.understudy.gateway.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The APIs of the vendors that the gateway does not serve: what they hold belongs to one account, so there is no fallback. */
final class UnservedApis {
    /** By the beginning of the path behind the version. */
    private static final Map<String, String> BY_PATH = byPath();

    private UnservedApis() {}

    private static Map<String, String> byPath() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("messages/batches", "batches");
        names.put("batches", "batches");
        names.put("files", "files");
        names.put("uploads", "files");
        names.put("fine_tuning", "fine-tuning");
        names.put("fine-tunes", "fine-tuning");
        names.put("vector_stores", "vector stores");
        names.put("assistants", "assistants");
        names.put("threads", "assistants");
        names.put("conversations", "conversations");
        names.put("realtime", "realtime sessions");
        names.put("containers", "containers");
        names.put("evals", "evals");
        names.put("videos", "videos");
        names.put("organization", "administration");
        names.put("cachedContents", "cached contents");
        names.put("tunedModels", "tuned models");
        names.put("corpora", "corpora");
        return names;
    }

    /** What a path is for, if it is one of these. */
    static Optional<String> at(String path) {
        String rest = path.replaceFirst("^/(upload/|openai/|api/)?(v1beta|v1)?/?", "");
        return BY_PATH.entrySet().stream()
                .filter(api -> rest.equals(api.getKey()) || rest.startsWith(api.getKey() + "/"))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
