package dev.understudy.calls.inbound;

import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.config.Api;
import dev.understudy.protocol.dialect.responses.StoredTurn;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.multipart.MultipartForm;
import dev.understudy.protocol.ollama.OllamaRequest;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The caller's HTTP request, before its body is read.
 *
 * @param api the API of the endpoint on which it arrived
 * @param model the model, if the path names it; empty if the body does
 * @param stream whether the path requests a stream; if the body has the setting too, the body counts
 * @param contentType the content type that the caller states for the body; empty if it states none
 * @param form how the path has the API's requests and answers
 * @param forwarded what is forwarded to a target that has the same API
 * @param body the bytes as they arrived
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on and never compared.
public record InboundRequest(
        Api api,
        Optional<String> model,
        boolean stream,
        Form form,
        String contentType,
        Forwarded forwarded,
        byte[] body) {
    /** The content type of JSON. */
    public static final String JSON = "application/json";

    /** How a path has the requests and answers of its API. */
    public enum Form {
        /** As the API's own vendor has them. */
        USUAL,
        /** Azure: the path names the deployment, which is the model, and the body may name one too. */
        DEPLOYMENT,
        /** Vertex AI's {@code rawPredict}: Claude's requests with the model in the path. */
        RAW_PREDICT,
        /** Bedrock's {@code InvokeModel}: the same, with answers in Amazon's frames. */
        INVOKE,
        /** Ollama's {@code /api/chat}, as a chat completion. */
        OLLAMA_CHAT,
        /** Ollama's {@code /api/generate}, as a chat completion. */
        OLLAMA_GENERATE,
        /** Ollama's {@code /api/embed}, as embeddings. */
        OLLAMA_EMBED
    }

    /** A request in the usual form. */
    public InboundRequest(
            Api api, Optional<String> model, boolean stream, String contentType, Forwarded forwarded, byte[] body) {
        this(api, model, stream, Form.USUAL, contentType, forwarded, body);
    }

    /**
     * The caller's headers and parameters that are forwarded to a target that has the same API.
     *
     * @param query as in an address, without the question mark; empty for none
     */
    public record Forwarded(Map<String, String> headers, String query) {
        /** A request of which nothing is forwarded but its body. */
        public static final Forwarded NOTHING = new Forwarded(Map.of(), "");

        public Forwarded {
            headers = Map.copyOf(headers);
        }

        /** The same with further headers, where the caller has not sent them as such. */
        public Forwarded and(Map<String, String> further) {
            if (further.isEmpty()) {
                return this;
            }
            Map<String, String> all = new HashMap<>(further);
            all.putAll(headers);
            return new Forwarded(all, query);
        }

        /** The same with further headers, which replace the caller's of the same names. */
        public Forwarded with(Map<String, String> further) {
            if (further.isEmpty()) {
                return this;
            }
            Map<String, String> all = new HashMap<>(headers);
            all.putAll(further);
            return new Forwarded(all, query);
        }
    }

    /** The same request with another body. */
    public InboundRequest withBody(byte[] other) {
        return new InboundRequest(api, model, stream, form, contentType, forwarded, other);
    }

    /** The same request with what the clouds' APIs have in the body where the vendor has a header. */
    public InboundRequest withHeadersOfBody(BodyLimits limits) {
        return form == Form.INVOKE || form == Form.RAW_PREDICT
                ? new InboundRequest(
                        api,
                        model,
                        stream,
                        form,
                        contentType,
                        forwarded.and(CloudMessage.betaHeader(body, limits)),
                        body)
                : this;
    }

    /**
     * A request that continues a conversation which no provider knows, with the turns of the conversation in it.
     *
     * @param sent this request, read
     * @param callerName the name of the caller's key; empty if none is needed
     * @return empty if it continues none that is kept
     */
    public Optional<InboundRequest> withEarlierTurns(
            CallerRequest sent, ConversationStore conversations, String callerName) {
        return sent.storedState()
                .previousResponse()
                .flatMap(id -> conversations.items(callerName, id))
                .flatMap(earlier -> StoredTurn.completed(body, earlier))
                .map(this::withBody);
    }

    /** Whether the body is a form with files. */
    public boolean isForm() {
        return !api.isConversation() && MultipartForm.is(contentType);
    }

    /** The content type of the request that is sent upstream: JSON unless the body is a form. */
    public String forwardedType() {
        return isForm() ? contentType : JSON;
    }

    /**
     * Reads the body.
     *
     * @throws BadRequest if it exceeds the limits or cannot be read
     */
    public CallerRequest request(BodyLimits limits) throws BadRequest {
        if (isForm()) {
            CallerRequest request = CallerRequest.read(api.dialect(), MultipartForm.read(contentType, body));
            return model.or(api::usualModel).map(request::orModel).orElse(request);
        }
        return switch (form) {
            case USUAL -> {
                if (api == Api.GEMINI_EMBEDDING || api == Api.GEMINI_EMBEDDINGS) {
                    yield CallerRequest.readEmbeddings(api.dialect(), body, model.orElseThrow(), limits);
                }
                if (model.isPresent()) {
                    yield CallerRequest.read(api.dialect(), body, model.get(), stream, limits);
                }
                CallerRequest request = CallerRequest.read(api.dialect(), body, limits);
                yield api.usualModel().map(request::orModel).orElse(request);
            }
            case DEPLOYMENT -> CallerRequest.readNamed(api.dialect(), body, model.orElseThrow(), limits);
            case RAW_PREDICT, INVOKE ->
                CallerRequest.read(api.dialect(), CloudMessage.body(body, model.orElseThrow(), stream, limits), limits);
            case OLLAMA_CHAT, OLLAMA_GENERATE ->
                CallerRequest.read(api.dialect(), OllamaRequest.asChat(body, limits), limits);
            case OLLAMA_EMBED -> CallerRequest.read(api.dialect(), OllamaRequest.asEmbeddings(body, limits), limits);
        };
    }
}
