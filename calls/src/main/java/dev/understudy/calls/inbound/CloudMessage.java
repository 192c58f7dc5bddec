package dev.understudy.calls.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Turns a request to Claude in the form of a cloud into one of Anthropic's own API: Bedrock's {@code InvokeModel} and Vertex
 * AI's {@code rawPredict} name the model and the stream in the path, and the version and the beta features in the body.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html">Bedrock:
 *     Claude Messages</a>
 * @see <a href="https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude">Vertex AI: Claude</a>
 */
public final class CloudMessage {
    private static final String VERSION = "anthropic_version";
    private static final String BETA = "anthropic_beta";

    private CloudMessage() {}

    /**
     * The body as Anthropic's API has it; every other byte stays as it is.
     *
     * @param model the one that the path names
     * @param stream whether the path requests a stream
     * @throws BadRequest if it is not a JSON object within the limits
     */
    static byte[] body(byte[] body, String model, boolean stream, BodyLimits limits) throws BadRequest {
        Members members = Members.scan(body, limits);
        return Splice.without(name -> name.equals(VERSION) || name.equals(BETA), members)
                .apply(List.of(
                        Splice.Edit.ofString("model", model), new Splice.Edit("stream", Boolean.toString(stream))));
    }

    /** The beta features as the header of Anthropic's API; empty if there are none, or the body cannot be read. */
    static Map<String, String> betaHeader(byte[] body, BodyLimits limits) {
        try {
            Members members = Members.scan(body, limits);
            int index = members.indexOf(BETA);
            if (index < 0) {
                return Map.of();
            }
            String features = members.value(index)
                    .valueStream()
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::textValue)
                    .filter(feature -> feature.matches("[A-Za-z0-9._-]+"))
                    .collect(Collectors.joining(","));
            return features.isEmpty() ? Map.of() : Map.of("anthropic-beta", features);
        } catch (BadRequest unreadable) {
            // It is reported when the body is read as a call.
            return Map.of();
        }
    }
}
