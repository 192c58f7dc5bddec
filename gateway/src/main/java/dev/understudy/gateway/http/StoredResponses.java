package dev.understudy.gateway.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ConversationStore;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.upstream.ForwardedResponseHeaders;
import dev.understudy.gateway.quota.GatewayKey;
import dev.understudy.gateway.quota.QuotaExceeded;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.protocol.failure.SecretsInUse;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.model.ModelPrice;
import dev.understudy.protocol.model.PromptTokens;
import dev.understudy.protocol.options.FallbackOptionsReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Responses that a provider has stored: retrieve, delete, cancel, input items and compact are passed through to the provider
 * that answered. There is no fallback, since no other provider knows them.
 */
public final class StoredResponses {
    /** A stream of a background response may be silent while the model works. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private static final int LARGEST_ANSWER = 64 * 1024 * 1024;
    private static final int LARGEST_ERROR = 256 * 1024;
    private static final String RESPONSES = "responses/";

    private final Catalog catalog;
    private final ResponseOwners owners;
    private final ConversationStore conversations;
    private final ProviderRequests requests;
    private final PreviousResponses previous;
    private final List<String> furtherHeaders;

    /**
     * @param owners shared by all event loops
     * @param conversations shared by all event loops
     * @param previous finds the conversations of compactions
     * @param requests the event loop's own
     */
    public StoredResponses(
            Catalog catalog,
            ResponseOwners owners,
            ConversationStore conversations,
            PreviousResponses previous,
            ProviderRequests requests,
            ServerSettings settings) {
        this.catalog = catalog;
        this.conversations = conversations;
        this.owners = owners;
        this.requests = requests;
        this.previous = previous;
        this.furtherHeaders = settings.forwardHeaders();
    }

    /**
     * An operation on a stored response, or the compaction of a conversation.
     *
     * @param id of the response; empty for a compaction
     * @param action empty for the response itself
     */
    record Operation(String id, String action) {
        private static final String COMPACT = "compact";

        /** The only methods with which it may be requested. */
        List<HttpMethod> methods() {
            return switch (action) {
                case "cancel", COMPACT -> List.of(HttpMethod.POST);
                case "input_items" -> List.of(HttpMethod.GET);
                default -> List.of(HttpMethod.GET, HttpMethod.DELETE);
            };
        }

        boolean isCompaction() {
            return action.equals(COMPACT);
        }

        private String path() {
            return id.isEmpty() ? RESPONSES + action : RESPONSES + id + (action.isEmpty() ? "" : "/" + action);
        }
    }

    /** The operation of a path; empty if it is none. */
    static Optional<Operation> at(String path) {
        Optional<String> rest = Endpoint.withoutPrefix(path).filter(behind -> behind.startsWith(RESPONSES));
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = rest.get().substring(RESPONSES.length()).split("/", -1);
        if (parts.length == 1 && parts[0].equals(Operation.COMPACT)) {
            return Optional.of(new Operation("", Operation.COMPACT));
        }
        // The id becomes part of an address.
        boolean isId = parts[0].matches("[A-Za-z0-9_.~-]{1,256}") && !parts[0].matches("\\.+");
        boolean known = parts.length == 1
                || (parts.length == 2 && (parts[1].equals("cancel") || parts[1].equals("input_items")));
        return isId && known
                ? Optional.of(new Operation(parts[0], parts.length == 1 ? "" : parts[1]))
                : Optional.empty();
    }

    /**
     * Passes a request on a stored response through. A response that another caller requested is not found: to the provider
     * both callers have the same key.
     *
     * @param key the caller's
     */
    void answer(HttpServerRequest request, GatewayKey key, Operation operation, byte[] body) {
        String caller = key.name();
        boolean delete = operation.action().isEmpty() && request.method().equals(HttpMethod.DELETE);
        if (delete && conversations.remove(caller, operation.id())) {
            GatewayResponses.json(request, 200, JsonPage.text(json -> {
                json.writeStartObject();
                json.writeStringField("id", operation.id());
                json.writeStringField("object", "response");
                json.writeBooleanField("deleted", true);
                json.writeEndObject();
            }));
            return;
        }
        Optional<ResponseOwners.Owner> owner = owners.of(operation.id());
        Optional<ProviderSettings> provider = owner.isEmpty()
                ? onlyProvider(catalog)
                : owner.filter(known -> known.isOf(caller)).flatMap(catalog::accountOf);
        if (provider.isEmpty()) {
            GatewayResponses.error(
                    request,
                    404,
                    "invalid_request_error",
                    "response_not_found",
                    "it is not known which provider has the response '" + BadRequest.shown(operation.id())
                            + "': the gateway did not pass it on, or has been restarted since, or another vendor's model"
                            + " answered, whose responses are not stored");
            return;
        }
        try {
            PermittedRoutes.checkProvider(provider.get(), key.permissions());
            PermittedRoutes.countRequest(key);
        } catch (BadRequest bad) {
            GatewayResponses.error(request, bad.status(), bad.details());
            return;
        } catch (QuotaExceeded exceeded) {
            GatewayResponses.quotaExceeded(request, exceeded);
            return;
        }
        if (delete) {
            owners.remove(operation.id());
        }
        send(request, provider.get(), operation, Optional.of(body).filter(bytes -> bytes.length > 0));
    }

    /** Reads a request for a compaction. May be called on any thread. */
    PreviousResponses.Found read(GatewayKey key, byte[] body) throws BadRequest {
        return previous.of(key.name(), body);
    }

    /** Passes the compaction of a conversation, of which {@link #read} is or was called, to the provider of its model. */
    void compact(
            HttpServerRequest request,
            GatewayKey key,
            Operation operation,
            LargeBodies.Reader<PreviousResponses.Found> read) {
        try {
            PreviousResponses.Found found = read.read();
            Route route = route(found.members(), key);
            byte[] forwarded = Splice.without(FallbackOptionsReader::owns, found.members())
                    .apply(List.of(Splice.Edit.ofString("model", route.target().model())));
            ProviderSettings provider = found.provider().orElse(route.provider());
            PermittedRoutes.checkProvider(provider, key.permissions());
            long tokens = key.quota().isPresent() ? PromptTokens.estimate(forwarded) : 0;
            PermittedRoutes.countRequest(
                    key, tokens, route.price().orElse(ModelPrice.FREE).of(tokens, 0, 0));
            send(request, provider, operation, Optional.of(forwarded));
        } catch (BadRequest bad) {
            GatewayResponses.error(request, bad.status(), bad.details());
        } catch (QuotaExceeded exceeded) {
            GatewayResponses.quotaExceeded(request, exceeded);
        }
    }

    private Route route(Members members, GatewayKey key) throws BadRequest {
        String name = members.text("model")
                .orElseThrow(() -> BadRequest.missing("model", "The request has no 'model'. Name one of OpenAI's."));
        return PermittedRoutes.of(name, catalog, key.permissions()).stream()
                .filter(route -> route.provider().has(Api.RESPONSES) && ProviderRequests.canReach(route.provider()))
                .findFirst()
                .orElseThrow(() -> BadRequest.unsupported(
                        "The provider of this model has no Responses API, so it cannot compact a conversation."));
    }

    /** The provider that has the Responses API, if there is only one. */
    static Optional<ProviderSettings> onlyProvider(Catalog catalog) {
        List<ProviderSettings> having = catalog.providers().stream()
                .filter(provider -> provider.has(Api.RESPONSES) && ProviderRequests.canReach(provider))
                .toList();
        return having.size() == 1 ? Optional.of(having.getFirst()) : Optional.empty();
    }

    private void send(
            HttpServerRequest request, ProviderSettings provider, Operation operation, Optional<byte[]> body) {
        InboundRequest.Forwarded forwarded = Endpoint.forwarded(Api.RESPONSES, request, furtherHeaders);
        String query = request.query();
        URI address = provider.resource(operation.path() + (query == null ? "" : "?" + query));
        ProviderRequests.Request upstream = new ProviderRequests.Request(
                request.method(), address, forwarded.headers(), body, LARGEST_ANSWER, SILENCE);
        request.response().putHeader("understudy-target", provider.name());
        requests.open(provider, upstream, request.response())
                .onSuccess(head -> pipe(head, request.response()))
                .onFailure(cause -> GatewayResponses.error(
                        request,
                        502,
                        "upstream_error",
                        "unreachable",
                        "provider " + provider.name() + " did not answer"));
    }

    /** Forwards the response as it arrives: it may be a stream of events. A slow caller slows the provider down. */
    private static void pipe(HttpClientResponse head, HttpServerResponse to) {
        if (head.statusCode() / 100 != 2) {
            passError(head, to);
            return;
        }
        to.setStatusCode(head.statusCode());
        ForwardedResponseHeaders.of(head.headers()).forEach(header -> to.putHeader(header.getKey(), header.getValue()));
        String type = head.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null) {
            to.putHeader(HttpHeaders.CONTENT_TYPE, type);
        }
        String length = head.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            to.setChunked(true);
        } else {
            to.putHeader(HttpHeaders.CONTENT_LENGTH, length);
        }
        // The caller who leaves, or a provider that breaks off, ends the other side.
        to.exceptionHandler(left -> head.request().reset());
        to.closeHandler(left -> head.request().reset());
        head.pipeTo(to).onFailure(broken -> to.reset());
    }

    /** Errors are read to their end, since they must not contain a key. */
    private static void passError(HttpClientResponse head, HttpServerResponse to) {
        to.setStatusCode(head.statusCode());
        ForwardedResponseHeaders.of(head.headers()).forEach(header -> to.putHeader(header.getKey(), header.getValue()));
        String type = head.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null) {
            to.putHeader(HttpHeaders.CONTENT_TYPE, SecretsInUse.redact(type));
        }
        to.exceptionHandler(left -> head.request().reset());
        to.closeHandler(left -> head.request().reset());
        ProviderRequests.body(head, LARGEST_ERROR)
                .onSuccess(body -> to.end(Buffer.buffer(SecretsInUse.redact(body.getBytes()))))
                .onFailure(broken -> to.reset());
    }
}
