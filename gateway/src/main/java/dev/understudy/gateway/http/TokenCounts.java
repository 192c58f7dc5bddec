package dev.understudy.gateway.http;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.ServerSettings;
import dev.understudy.calls.downstream.CallHeaders;
import dev.understudy.calls.downstream.TrailHeader;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.gateway.quota.GatewayKey;
import dev.understudy.gateway.quota.QuotaExceeded;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.protocol.dialect.Dialect;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.Members;
import dev.understudy.protocol.json.Splice;
import dev.understudy.protocol.json.ValueKind;
import dev.understudy.protocol.model.PromptTokens;
import dev.understudy.protocol.options.FallbackOptionsReader;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Counts the tokens of a prompt: {@code POST /v1/messages/count_tokens}, {@code /v1/responses/input_tokens}, {@code
 * models/MODEL:countTokens}, Bedrock's {@code /model/MODEL/count-tokens} and Vertex AI's {@code count-tokens:rawPredict}.
 *
 * <p>The count of a provider of the caller's dialect is passed through. If the model's provider has another dialect, or cannot
 * count now, the count is estimated, and {@code understudy-warning} says so: clients plan with the number, and an estimate
 * serves them better than an error.
 */
public final class TokenCounts {
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final int LARGEST_ANSWER = 64 * 1024;

    private static final String MESSAGES = "messages/count_tokens";
    private static final String RESPONSES = "responses/input_tokens";
    private static final String MODELS = "/models/";
    private static final String GEMINI = ":countTokens";
    private static final String BEDROCK = "/model/";
    private static final String BEDROCK_COUNT = "/count-tokens";
    private static final List<String> INVOKED = List.of("input", "invokeModel");
    private static final String CLAUDE_AT_VERTEX = "/publishers/anthropic/models/count-tokens:rawPredict";

    private final Catalog catalog;
    private final PreviousResponses previous;
    private final ProviderRequests requests;
    private final BodyLimits bodyLimits;
    private final List<String> furtherHeaders;

    /**
     * @param previous finds the conversations that are counted
     * @param requests the event loop's own
     */
    public TokenCounts(
            Catalog catalog, PreviousResponses previous, ProviderRequests requests, ServerSettings settings) {
        this.catalog = catalog;
        this.previous = previous;
        this.requests = requests;
        this.bodyLimits = BodyLimits.ofSize(settings.maxBody());
        this.furtherHeaders = settings.forwardHeaders();
    }

    /**
     * A request for a count.
     *
     * @param api whose prompts are counted
     * @param model if the path names it
     */
    record Count(Api api, Optional<String> model) {

        /** The address at a provider that has the API. */
        private URI at(Counter counter) {
            return switch (api) {
                case MESSAGES -> counter.provider().resource(MESSAGES);
                case RESPONSES -> counter.provider().resource(RESPONSES);
                case CONVERSE ->
                    URI.create(counter.provider()
                            .address(Api.CONVERSE, counter.model().orElseThrow(), false)
                            .toString()
                            .replaceFirst("/converse$", BEDROCK_COUNT));
                default ->
                    URI.create(counter.provider()
                            .address(Api.GEMINI, counter.model().orElseThrow(), false)
                            .toString()
                            .replaceFirst(":generateContent$", GEMINI));
            };
        }

        private String answer(long tokens) {
            return switch (api) {
                case MESSAGES -> "{\"input_tokens\":" + tokens + "}";
                case RESPONSES -> "{\"object\":\"response.input_tokens\",\"input_tokens\":" + tokens + "}";
                case CONVERSE -> "{\"inputTokens\":" + tokens + "}";
                default -> "{\"totalTokens\":" + tokens + "}";
            };
        }
    }

    /**
     * The provider that counts.
     *
     * @param model the provider's name of the model; empty if the request names none and the provider takes one by itself
     */
    private record Counter(ProviderSettings provider, Optional<String> model) {
        static Counter of(Route route) {
            return new Counter(route.provider(), Optional.of(route.target().model()));
        }

        private String name() {
            return model.map(each -> provider.name() + "/" + each).orElse(provider.name());
        }
    }

    /** The count that a path requests; empty if it requests none. */
    static Optional<Count> at(String path) {
        Optional<String> rest = Endpoint.withoutPrefix(path);
        if (rest.equals(Optional.of(MESSAGES))) {
            return Optional.of(new Count(Api.MESSAGES, Optional.empty()));
        }
        if (rest.equals(Optional.of(RESPONSES))) {
            return Optional.of(new Count(Api.RESPONSES, Optional.empty()));
        }
        if (path.endsWith(CLAUDE_AT_VERTEX)) {
            return Optional.of(new Count(Api.MESSAGES, Optional.empty()));
        }
        if (path.startsWith(BEDROCK) && path.endsWith(BEDROCK_COUNT)) {
            String name = Endpoint.unescaped(path.substring(
                    BEDROCK.length(), Math.max(BEDROCK.length(), path.length() - BEDROCK_COUNT.length())));
            return name.isBlank() ? Optional.empty() : Optional.of(new Count(Api.CONVERSE, Optional.of(name)));
        }
        int models = path.indexOf(MODELS);
        if (models < 0 || !path.endsWith(GEMINI)) {
            return Optional.empty();
        }
        String model = Endpoint.unescaped(path.substring(
                models + MODELS.length(), Math.max(models + MODELS.length(), path.length() - GEMINI.length())));
        return model.isBlank() ? Optional.empty() : Optional.of(new Count(Api.GEMINI, Optional.of(model)));
    }

    /**
     * Reads a request. May be called on any thread.
     *
     * @param key the caller's
     */
    PreviousResponses.Found read(GatewayKey key, Count count, byte[] sent) throws BadRequest {
        return count.api() == Api.RESPONSES
                ? previous.of(key.name(), sent)
                : new PreviousResponses.Found(Members.scan(sent, bodyLimits), Optional.empty());
    }

    /** Answers a request of which {@link #read} has been called, or is called now. */
    void answer(
            HttpServerRequest request, GatewayKey key, Count count, LargeBodies.Reader<PreviousResponses.Found> read) {
        try {
            PreviousResponses.Found found = read.read();
            Members members = found.members();
            Counter counter = counter(count, found, key);
            if (!counter.provider().has(count.api())) {
                estimate(request, count, members, "its provider cannot count tokens in this dialect", counter);
                return;
            }
            PermittedRoutes.countRequest(key);
            send(request, count, members, counter);
        } catch (BadRequest bad) {
            GatewayResponses.error(request, bad.status(), bad.details());
        } catch (QuotaExceeded exceeded) {
            GatewayResponses.quotaExceeded(request, exceeded);
        }
    }

    private Counter counter(Count count, PreviousResponses.Found found, GatewayKey key) throws BadRequest {
        Optional<String> name =
                count.model().isPresent() ? count.model() : found.members().text("model");
        if (name.isEmpty()) {
            // Only the Responses API counts without a model.
            Counter alone = Optional.of(count)
                    .filter(each -> each.api() == Api.RESPONSES)
                    .flatMap(each -> found.provider().or(() -> StoredResponses.onlyProvider(catalog)))
                    .map(provider -> new Counter(provider, Optional.empty()))
                    .orElseThrow(() -> BadRequest.missing(
                            "model", "The request has no 'model'. Name the one whose tokens are to be counted."));
            PermittedRoutes.checkProvider(alone.provider(), key.permissions());
            return alone;
        }
        String known = count.api() == Api.MESSAGES ? Endpoint.anthropicName(name.get()) : name.get();
        Route route = PermittedRoutes.of(known, catalog, key.permissions()).getFirst();
        if (found.provider().isPresent()) {
            PermittedRoutes.checkProvider(found.provider().get(), key.permissions());
        }
        return Counter.of(found.provider().map(route::at).orElse(route));
    }

    private void send(HttpServerRequest request, Count count, Members members, Counter counter) {
        InboundRequest.Forwarded forwarded = Endpoint.forwarded(count.api(), request, furtherHeaders);
        URI address = count.at(counter);
        ProviderRequests.Request upstream = new ProviderRequests.Request(
                HttpMethod.POST,
                forwarded.query().isEmpty() ? address : URI.create(address + "?" + forwarded.query()),
                forwarded.headers(),
                Optional.of(body(count, members, counter)),
                LARGEST_ANSWER,
                SILENCE);
        requests.send(counter.provider(), upstream, request.response())
                .onComplete(counted -> answer(request, count, members, counter, counted));
    }

    /** The caller's body with the provider's name of the model, and without fallback options. */
    private static byte[] body(Count count, Members members, Counter counter) {
        Dialect dialect = count.api().dialect();
        // Vertex AI's version stands in the body, Anthropic's in a header.
        return Splice.without(
                        name -> (FallbackOptionsReader.owns(name) && !dialect.hasOfItsOwn(name))
                                || name.equals("anthropic_version"),
                        members)
                .apply(
                        count.model().isPresent() || counter.model().isEmpty()
                                ? List.of()
                                : List.of(Splice.Edit.ofString(
                                        "model", counter.model().get())));
    }

    /** A refusal of the request is the caller's; all other failures say nothing about the prompt. */
    private void answer(
            HttpServerRequest request,
            Count count,
            Members members,
            Counter counter,
            AsyncResult<ProviderRequests.Response> counted) {
        if (counted.failed()) {
            estimate(request, count, members, "its provider did not answer", counter);
            return;
        }
        ProviderRequests.Response response = counted.result();
        boolean cannotCount = response.status() == 400
                && count.api() == Api.CONVERSE
                && response.body().toString().contains("counting tokens");
        boolean refused =
                !cannotCount && (response.status() == 400 || response.status() == 413 || response.status() == 422);
        if (response.isSuccess() || refused) {
            request.response().putHeader("understudy-target", TrailHeader.printable(counter.name()));
            GatewayResponses.passed(request, response);
        } else {
            String why = cannotCount
                    ? "the model does not support counts"
                    : "its provider answered with status " + response.status();
            estimate(request, count, members, why, counter);
        }
    }

    private void estimate(HttpServerRequest request, Count count, Members members, String why, Counter counter) {
        String warning = "the tokens for " + counter.name() + " are estimated, because " + why;
        request.response().putHeader(CallHeaders.WARNING, TrailHeader.strings(List.of(warning)));
        byte[] prompt = count.api() == Api.CONVERSE ? invoked(members) : members.body();
        GatewayResponses.json(request, 200, count.answer(PromptTokens.estimate(prompt)));
    }

    /** The request inside a count of Bedrock's {@code InvokeModel}, which is in Base64; else the request itself. */
    private byte[] invoked(Members members) {
        try {
            Members at = members;
            for (String name : INVOKED) {
                int index = at.indexOf(name);
                if (index < 0 || at.kind(index) != ValueKind.OBJECT) {
                    return members.body();
                }
                at = Members.scan(at.json(index).getBytes(StandardCharsets.UTF_8), bodyLimits);
            }
            Optional<String> encoded = at.text("body");
            return encoded.isPresent() ? Base64.getDecoder().decode(encoded.get()) : members.body();
        } catch (BadRequest | IllegalArgumentException notBase64) {
            return members.body();
        }
    }
}
