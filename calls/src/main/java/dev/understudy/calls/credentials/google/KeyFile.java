package dev.understudy.calls.credentials.google;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import java.util.HashMap;
import java.util.Map;

/**
 * The members of a key file that matter, empty where they are missing.
 *
 * @param privateKey in PEM form
 */
record KeyFile(
        String type, String clientEmail, String privateKeyId, String privateKey, String tokenUri, String projectId) {
    private static final int DEEPEST = 8;

    private static final NameTable NAMES =
            NameTable.of("type", "client_email", "private_key_id", "private_key", "token_uri", "project_id");

    static KeyFile read(byte[] json) throws InvalidServiceAccountKey {
        Map<String, String> members = new HashMap<>();
        JsonWalk walk = new JsonWalk(DEEPEST);
        try {
            walk.over(json, 0, json.length);
            boolean object = walk.token() == Token.START_OBJECT;
            walk.object(NAMES, name -> members.put(name, walk.text()));
            if (!object || !walk.isAtEnd()) {
                throw notJson();
            }
        } catch (MalformedJson broken) {
            throw notJson();
        }
        return new KeyFile(
                members.getOrDefault("type", ""),
                members.getOrDefault("client_email", ""),
                members.getOrDefault("private_key_id", ""),
                members.getOrDefault("private_key", ""),
                members.getOrDefault("token_uri", ""),
                members.getOrDefault("project_id", ""));
    }

    private static InvalidServiceAccountKey notJson() {
        return new InvalidServiceAccountKey(
                "The Google key file is not a JSON object. Use the file as downloaded from Google.");
    }

    @Override
    public String toString() {
        return "KeyFile(" + clientEmail + ")";
    }
}
