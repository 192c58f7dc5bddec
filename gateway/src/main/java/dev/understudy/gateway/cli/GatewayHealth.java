package dev.understudy.gateway.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.understudy.calls.config.ServerSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the health of the targets from a gateway that may be running on this machine. */
class GatewayHealth {
    /** A gateway on this machine answers in milliseconds; on a busy one it may take a while, as may this process. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final JsonFactory JSON = new JsonFactory();
    private static final int HTTP_OK = 200;

    /**
     * The health of one target.
     *
     * @param state such as {@code ready} or {@code cooling}
     * @param until when that ends, if it does by itself
     * @param reason the cause; empty if there is none
     */
    record TargetHealth(String state, String until, String reason) {
        /** As the cell of a table. */
        String text() {
            return state + (until.isEmpty() ? "" : " until " + until) + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    /**
     * What the gateway reported.
     *
     * @param byTarget health by {@code provider/model}; what is missing never failed
     * @param remark for people: the gateway's address, and why nothing is known if so
     * @param isKnown whether a gateway answered
     */
    record Report(Map<String, TargetHealth> byTarget, String remark, boolean isKnown) {
        static Report unknown(String remark) {
            return new Report(Map.of(), remark, false);
        }
    }

    /** Sends one request; never fails, because explain is useful without it. */
    Report read(ServerSettings server) {
        String address = server.adminUrl();
        if (server.admin().port().orElse(server.port()) == 0) {
            return Report.unknown(
                    "the configured port is 0, so there is no running gateway that could report what is cooling");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/admin/v1/health"))
                .timeout(PATIENCE)
                .header("accept", "application/json");
        server.admin().key().ifPresent(key -> request.header("authorization", "Bearer " + key.reveal()));
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() != HTTP_OK) {
                return Report.unknown("the server at " + address + " answered " + answer.statusCode()
                        + " to the request for its health, so it is unknown which targets are cooling");
            }
            return new Report(read(answer.body()), "health from the gateway at " + address, true);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Report.unknown("interrupted while waiting for the gateway at " + address);
        } catch (JsonProcessingException garbled) {
            return Report.unknown("the server at " + address
                    + " is not an Understudy gateway, so it is unknown which targets are cooling");
        } catch (HttpTimeoutException late) {
            return Report.unknown("the server at " + address + " did not answer within " + PATIENCE.toSeconds()
                    + " s, so it is unknown which targets are cooling");
        } catch (IOException unreachable) {
            return Report.unknown(
                    "no gateway is running at " + address + ", so it is unknown which targets are cooling");
        }
    }

    /** Reads {@code {"targets":[{"target","state","until","reason","callers_key"}]}} and skips what it does not know. */
    private static Map<String, TargetHealth> read(String json) throws IOException {
        Map<String, TargetHealth> byTarget = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "not an object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isTargets = parser.currentName().equals("targets");
                JsonToken value = parser.nextToken();
                if (isTargets && value == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        readTarget(parser, byTarget);
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
        return byTarget;
    }

    private static void readTarget(JsonParser parser, Map<String, TargetHealth> byTarget) throws IOException {
        Map<String, String> members = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                members.put(name, parser.getText());
            }
            parser.skipChildren();
        }
        if (members.getOrDefault("callers_key", "false").equals("true")) {
            // The same name with another key: its health is separate from that of the operator's key.
            return;
        }
        Optional.ofNullable(members.get("target"))
                .ifPresent(target -> byTarget.put(
                        target,
                        new TargetHealth(
                                members.getOrDefault("state", "unknown"),
                                members.getOrDefault("until", ""),
                                members.getOrDefault("reason", ""))));
    }
}
