package dev.understudy.console;

import static dev.understudy.console.MockSettings.JSON;
import static dev.understudy.console.MockSettings.object;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/** The keys of callers and the providers of the mock, with their state in memory. */
final class MockAccess {
    static final String SECRET = "sk-understudy-mockmockmockmockmockmockmockmockmockmock0001";

    final ArrayNode keys = JSON.createArrayNode();
    final ArrayNode providers = JSON.createArrayNode();
    volatile boolean canCreate = true;

    private int made;

    static void fill(MockAccess access) {
        access.keys.add(object("""
                {"name": "team-search", "source": "configuration", "expired": false,
                 "limits": {"models": ["assistant", "openai/*"], "providers": ["openai", "anthropic"], "requests-per-minute": 600,
                            "tokens-per-minute": 200000, "max-concurrent-calls": 20, "budget": {"day": 5.0, "month": 50}},
                 "use": {"calls_in_progress": 2, "spent_usd": {"day": "1.2345", "month": "17.5"}}}"""));
        access.keys.add(object("""
                {"id": "k-ci", "name": "ci", "source": "run_time", "version": 4, "ends_with": "x7Qa", "created": "2026-01-01T10:00:00Z",
                 "author": "ann", "expired": true, "limits": {"expires": "2026-01-31"}}"""));
        access.providers.add(object("""
                {"name": "openai", "dialect": "openai", "base_url": "https://api.openai.com/v1", "auth": "bearer", "testable": true,
                 "key": {"present": true, "count": 2, "source": "configuration", "settable": true}, "chains": ["assistant", "thinker"],
                 "default_fallbacks": true,
                 "targets": [{"target": "openai/gpt-5.1", "state": "cooling"}, {"target": "openai/gpt-5.1-mini", "state": "ready"}]}"""));
        access.providers.add(object("""
                {"name": "bedrock", "dialect": "bedrock", "base_url": "https://bedrock-runtime.us-east-1.amazonaws.com", "auth": "aws",
                 "testable": false, "key": {"present": false, "count": 0, "source": "account", "settable": true}, "chains": [],
                 "default_fallbacks": false, "targets": []}"""));
    }

    synchronized ObjectNode keys() {
        ObjectNode document = JSON.createObjectNode();
        document.put("open", keys.isEmpty()).put("can_create", canCreate);
        ArrayNode warnings = document.putArray("warnings");
        if (!canCreate) {
            warnings.add("Set an admin key first (server.admin.key, or UNDERSTUDY_ADMIN_KEY).");
        }
        if (keys.isEmpty()) {
            warnings.add(
                    "Callers need no key now. The first key closes the gateway to all callers that do not present a key.");
        }
        document.set("keys", keys.deepCopy());
        return document;
    }

    private int position(String name, String value) {
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).path(name).asText().equals(value)) {
                return i;
            }
        }
        return -1;
    }

    synchronized JsonNode create(JsonNode body) {
        if (position("name", body.path("name").asText()) >= 0) {
            throw new MockGateway.Refused(409, "name_in_use", "there is a key with this name already");
        }
        refuseWrong(body.path("limits"));
        if (keys.isEmpty() && !body.path("close_gateway").asBoolean()) {
            throw new MockGateway.Refused(409, "closes_gateway", "the first key closes the gateway");
        }
        made++;
        ObjectNode key = JSON.createObjectNode();
        key.put("id", "k-" + made)
                .put("name", body.path("name").asText())
                .put("source", "run_time")
                .put("version", 10 + made)
                .put("ends_with", SECRET.substring(SECRET.length() - 4))
                .put("created", Instant.now().toString())
                .put("author", "")
                .put("expired", false);
        key.set("limits", body.path("limits").deepCopy());
        keys.add(key);
        ObjectNode created = key.deepCopy();
        created.put("key", SECRET).putArray("warnings");
        return created;
    }

    private static void refuseWrong(JsonNode limits) {
        JsonNode most = limits.path("requests-per-minute");
        if (most.isTextual()) {
            MockGateway.Refused refused =
                    new MockGateway.Refused(422, "invalid_settings", "the settings cannot be used");
            ((ObjectNode) refused.document.get("error"))
                    .putArray("problems")
                    .addObject()
                    .put("path", "limits.requests-per-minute")
                    .put("message", "is not a whole number");
            throw refused;
        }
    }

    synchronized JsonNode change(String id, JsonNode body, Optional<String> ifMatch) {
        int position = position("id", id);
        if (position < 0) {
            throw new MockGateway.Refused(404, "not_found", "there is no key with this id");
        }
        ObjectNode key = (ObjectNode) keys.get(position);
        if (!ifMatch.equals(Optional.of("\"" + key.path("version").asInt() + "\""))) {
            throw new MockGateway.Refused(412, "version_conflict", "the key was changed in the meantime");
        }
        refuseWrong(body.path("limits"));
        ObjectNode limits = (ObjectNode) key.get("limits");
        body.path("limits").properties().forEach(limit -> {
            if (limit.getValue().isNull()) {
                limits.remove(limit.getKey());
            } else {
                limits.set(limit.getKey(), limit.getValue());
            }
        });
        return key.put("version", key.path("version").asInt() + 1).deepCopy();
    }

    synchronized JsonNode revoke(String id, boolean mayOpen) {
        int position = position("id", id);
        if (position < 0) {
            throw new MockGateway.Refused(404, "not_found", "there is no key with this id");
        }
        if (keys.size() == 1 && !mayOpen) {
            throw new MockGateway.Refused(409, "opens_gateway", "this is the last key");
        }
        JsonNode removed = keys.remove(position);
        return JSON.createObjectNode()
                .put("revoked", removed.path("name").asText())
                .put("open", keys.isEmpty());
    }

    synchronized JsonNode providers() {
        return JSON.createObjectNode().set("providers", providers.deepCopy());
    }

    /** @param set whether a key is set or removed */
    synchronized JsonNode changeKey(String name, boolean set) {
        for (JsonNode provider : providers) {
            if (provider.path("name").asText().equals(name)) {
                ((ObjectNode) provider.get("key"))
                        .put("present", true)
                        .put("count", 1)
                        .put("source", set ? "run_time" : "configuration");
                return provider.deepCopy();
            }
        }
        throw new MockGateway.Refused(404, "not_found", "there is no such provider");
    }

    JsonNode test(String name) {
        return object("""
                {"provider": "%s", "ok": false, "kind": "auth", "status": 401, "ms": 212, "message": "Incorrect API key <b>provided</b>",
                 "next_step": "Set another key here, or correct api-key in the configuration."}""".formatted(name));
    }
}
