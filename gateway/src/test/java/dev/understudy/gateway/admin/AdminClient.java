package dev.understudy.gateway.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.InvalidSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.config.SettingsReader;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawCaller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Sends requests to the admin API of a gateway, each on a connection of its own. */
record AdminClient(int port) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    RawAnswer send(String method, String path, String body, String... headerLines) {
        try (RawCaller caller = RawCaller.connect(port).waitAtMost(LIMIT)) {
            StringBuilder head = new StringBuilder(method + " /admin/v1" + path + " HTTP/1.1\r\nHost: localhost\r\n");
            for (String line : headerLines) {
                head.append(line).append("\r\n");
            }
            if (!method.equals("GET")) {
                head.append("Content-Length: ")
                        .append(body.getBytes(StandardCharsets.UTF_8).length)
                        .append("\r\n");
            }
            return caller.send(head + "\r\n" + body).readAnswer();
        }
    }

    RawAnswer get(String path) {
        return send("GET", path, "");
    }

    /** A change of a version of the settings. */
    RawAnswer change(String method, String path, String body, long version) {
        return send(method, path, body, "If-Match: \"" + version + "\"", "understudy-author: ann");
    }

    JsonNode json(String path) {
        return json(get(path));
    }

    static JsonNode json(RawAnswer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (JsonProcessingException broken) {
            throw new AssertionError("no JSON: " + answer, broken);
        }
    }

    /** The settings of an export of a gateway with the fixture's providers. */
    static Settings readExport(String yaml) throws InvalidSettings {
        Map<String, String> variables = Map.of(
                "ONE", "http://127.0.0.1:1/v1",
                "TWO", "http://127.0.0.1:2/v1",
                "THREE", "http://127.0.0.1:3/v1",
                "UNDERSTUDY_PROVIDERS_ONE_API_KEY", "k1",
                "UNDERSTUDY_PROVIDERS_TWO_API_KEY", "k2",
                "UNDERSTUDY_PROVIDERS_THREE_API_KEY", "k3");
        return new SettingsReader(Environment.of(variables)).read("export.yaml", yaml);
    }
}
