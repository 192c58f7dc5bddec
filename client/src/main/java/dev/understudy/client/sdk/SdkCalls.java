package dev.understudy.client.sdk;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.calls.bytes.Bytes;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.calls.plan.NoEligibleTarget;
import dev.understudy.calls.upstream.UpstreamTransport;
import dev.understudy.client.http.CallResponse;
import dev.understudy.client.http.CallRunner;
import dev.understudy.client.http.LinkedFutures;
import dev.understudy.client.http.OwnAccounts;
import dev.understudy.client.http.OwnAccounts.OwnAccount;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.BoundedCaches;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.dialect.ErrorResponse;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.translate.CallerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends the requests of an SDK: calls of models with fallbacks, everything else once and as it is.
 *
 * <p>A call's primary is the SDK's own endpoint, with the address, the headers and the key that the SDK has made. Only the fallback
 * options are removed from its body. Its key is sent to no other account, and no other key is sent to it.
 *
 * <p>A request is passed through without fallback if it is no call of a model, if its body is longer than {@code max-body}, or if its body
 * cannot be read: it must not fail here if it would succeed there.
 */
public final class SdkCalls implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SdkCalls.class.getName());
    private static final String RETRIES = "x-stainless-retry-count";
    /** Nearly every client has one. */
    private static final int MOST_ADDRESSES = 64;

    private final Parts parts;
    private final List<OwnAccount> others;
    private final KeysInUse keys = new KeysInUse();
    private final Cache<String, OwnAddress> addresses = BoundedCaches.ofSize(MOST_ADDRESSES);
    private final BodyLimits limits;
    private final AtomicBoolean toldOfRetries = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What it consists of.
     *
     * @param settings names and limits of the configuration
     * @param transport sends the calls of the SDK's own account, unless there is a client for them
     * @param passThrough sends all other requests
     * @param client the HTTP client for the calls of the SDK's own account, if the application has set one
     * @param whenClosed releases what belongs to this client
     */
    record Parts(
            SdkDialect dialect,
            Settings settings,
            CallRunner runner,
            Executor threads,
            UpstreamTransport transport,
            SdkSender passThrough,
            Optional<SdkSender> client,
            ClientFallbacks fallbacks,
            List<SdkAccount> accounts,
            Runnable whenClosed) {
        Parts {
            accounts = List.copyOf(accounts);
        }
    }

    SdkCalls(Parts parts) {
        this.parts = parts;
        this.limits = BodyLimits.ofSize(parts.runner().maxBody());
        this.others = parts.accounts().stream().map(this::other).toList();
    }

    private OwnAccount other(SdkAccount account) {
        return new OwnAccount(
                ProviderSettings.ofCaller(
                        account.name(),
                        parts.dialect().provider(),
                        account.baseUrl(),
                        AccountNames.isOpenAi(account.baseUrl()) || account.isAzure()),
                keys.identity(account.identity(), account.baseUrl().toString()),
                (api, model, contentType) -> {
                    SdkRequest request = new SdkRequest(
                            "POST",
                            account.baseUrl().toString(),
                            parts.dialect().path(account.baseUrl(), account.isAzure(), api, model),
                            account.query(),
                            account.headers(),
                            Optional.empty(),
                            Optional.empty());
                    return new SenderEndpoint(parts.threads(), account.sender(), request, contentType);
                });
    }

    /**
     * Begins a request. Cancelling the returned future ends the call and its attempts.
     *
     * @return completed when the status and the headers are there
     * @throws IllegalStateException if the client is closed
     */
    public CompletableFuture<SdkResponse> send(SdkRequest request) {
        return send(request, parts.threads());
    }

    /**
     * Sends a request and waits for the status and the headers.
     *
     * @throws ExecutionException with the cause why there is no response
     * @throws InterruptedException if this thread is interrupted; the call and its attempts have ended
     * @throws IllegalStateException if the client is closed
     */
    public SdkResponse sendAndWait(SdkRequest request) throws ExecutionException, InterruptedException {
        // Nothing but this thread depends on the future, so that no other thread has to complete it.
        CompletableFuture<SdkResponse> response = send(request, Runnable::run);
        try {
            return response.get();
        } catch (InterruptedException interrupted) {
            if (!response.cancel(true)) {
                var unused = response.thenAccept(late -> late.close().run());
            }
            throw interrupted;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The nested future is flattened.
    private CompletableFuture<SdkResponse> send(SdkRequest request, Executor completions) {
        if (closed.get()) {
            throw new IllegalStateException(
                    "the client is closed; create another one, or close it after its last call");
        }
        request.header(RETRIES).filter(count -> !count.equals("0")).ifPresent(count -> warnOfRetries());
        Optional<Api> api = parts.dialect().api(request);
        if (api.isEmpty() || request.body().isEmpty()) {
            return passThrough(request);
        }
        SdkBody body = request.body().get();
        if (body.isRepeatable()) {
            return begin(request, body, api.get(), completions);
        }
        // It may be a stream of the application that waits for something.
        return LinkedFutures.flatten(
                CompletableFuture.supplyAsync(() -> begin(request, body, api.get(), completions), parts.threads()),
                late -> late.close().run());
    }

    private void warnOfRetries() {
        if (toldOfRetries.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the SDK retries calls that have been retried already; set maxRetries(0) on its client, so that"
                            + " retries have one owner");
        }
    }

    private CompletableFuture<SdkResponse> begin(SdkRequest request, SdkBody body, Api api, Executor completions) {
        if (body.length() > limits.bytes()) {
            return passThrough(request);
        }
        // Most bodies say how long they are; then no buffer has to be larger. One more byte shows whether that is true.
        int most = body.length() < 0 ? limits.bytes() : Math.toIntExact(body.length());
        byte[] bytes;
        try {
            InputStream content = body.open(parts.threads());
            bytes = content.readNBytes(most + 1);
            if (bytes.length > most) {
                return passThrough(body.isRepeatable() ? request : request.withBody(rest(body, bytes, content)));
            }
        } catch (IOException unreadable) {
            body.close();
            return CompletableFuture.failedFuture(unreadable);
        }
        SdkRequest whole = request.withBody(SdkBody.of(body.contentType(), bytes));
        body.close();
        return call(whole, bytes, api, completions);
    }

    /** A body whose beginning has been read. */
    private static SdkBody rest(SdkBody body, byte[] begun, InputStream rest) {
        return new SdkBody() {
            @Override
            public String contentType() {
                return body.contentType();
            }

            @Override
            public long length() {
                return body.length();
            }

            @Override
            public boolean isRepeatable() {
                return false;
            }

            @Override
            public InputStream open(Executor threads) {
                return new SequenceInputStream(new ByteArrayInputStream(begun), rest);
            }

            @Override
            public void close() {
                body.close();
            }
        };
    }

    private CompletableFuture<SdkResponse> call(SdkRequest request, byte[] bytes, Api api, Executor completions) {
        Optional<String> deployment = SdkDialect.deployment(request.path());
        InboundRequest inbound = new InboundRequest(
                api,
                Optional.empty(),
                false,
                InboundRequest.Form.USUAL,
                contentType(request),
                forwarded(request, api),
                bytes);
        CallerRequest read;
        OwnAccounts own;
        try {
            CallerRequest sent = inbound.request(limits);
            read = deployment.isPresent() ? sent.orModel(deployment.get(), deployment.get()) : sent;
            own = new OwnAccounts(
                    primary(request, api, read.model()),
                    others,
                    parts.fallbacks()
                            .completion(
                                    parts.dialect().vendor(),
                                    address(request).provider().name(),
                                    others.stream()
                                            .findFirst()
                                            .map(each -> each.provider().name()),
                                    request.patience()));
        } catch (BadRequest | IllegalArgumentException unreadable) {
            // The endpoint decides what it means.
            return passThrough(request);
        }
        try {
            return LinkedFutures.map(
                    parts.runner().begin(inbound, read, HeaderLookup.NONE, own, completions),
                    SdkCalls::response,
                    late -> late.body().close());
        } catch (BadRequest bad) {
            return CompletableFuture.completedFuture(refusal(api, bad));
        } catch (NoEligibleTarget none) {
            return CompletableFuture.completedFuture(refusal(api, none.reason()));
        }
    }

    private static String contentType(SdkRequest request) {
        return request.body()
                .map(SdkBody::contentType)
                .filter(type -> !type.isEmpty())
                .orElse(InboundRequest.JSON);
    }

    /** Headers of the SDK that say something about the request, and nothing about the account. */
    private static InboundRequest.Forwarded forwarded(SdkRequest request, Api api) {
        Map<String, String> headers = new HashMap<>();
        for (String name : api.forwardedHeaders()) {
            if (!name.endsWith("-organization") && !name.endsWith("-project")) {
                request.header(name).ifPresent(value -> headers.put(name, value));
            }
        }
        return new InboundRequest.Forwarded(headers, "");
    }

    /**
     * What the base URL of an SDK says about its own account.
     *
     * @param provider for an API that every such server has
     * @param withResponses the same where Responses can be called
     */
    private record OwnAddress(ProviderSettings provider, ProviderSettings withResponses, boolean hasResponses) {
        private ProviderSettings provider(Api made) {
            return made == Api.RESPONSES || hasResponses ? withResponses : provider;
        }
    }

    /** @throws IllegalArgumentException if it is no URL */
    private OwnAddress address(SdkRequest request) {
        return addresses.get(request.baseUrl(), url -> {
            URI baseUrl = URI.create(url);
            String name = AccountNames.of(baseUrl, parts.settings());
            return new OwnAddress(
                    ProviderSettings.ofCaller(name, parts.dialect().provider(), baseUrl, false),
                    ProviderSettings.ofCaller(name, parts.dialect().provider(), baseUrl, true),
                    AccountNames.isOpenAi(baseUrl));
        });
    }

    private OwnAccount primary(SdkRequest request, Api made, Optional<String> called) {
        ProviderSettings provider = address(request).provider(made);
        // A request to no URL is refused by the SDK's own client.
        URI own = URI.create(request.url());
        return new OwnAccount(provider, keys.identity(request), (api, model, contentType) -> {
            SdkRequest target = request.withPath(parts.dialect().path(request, made, api, called.orElse(model), model));
            String type = api == made ? contentType(request) : contentType;
            if (parts.client().isPresent()) {
                return new SenderEndpoint(parts.threads(), parts.client().get(), target, type);
            }
            URI address = target.path().equals(request.path()) ? own : URI.create(target.url());
            return parts.transport().endpoint(address, target.joinedHeaders(type));
        });
    }

    private static SdkResponse response(CallResponse response) {
        return new SdkResponse(
                response.status(), response.headers(), response.body().inputStream(), response.body()::close);
    }

    /** The error of a request that its caller must correct; nothing was sent. */
    private static SdkResponse refusal(Api api, BadRequest bad) {
        FailureKind kind = switch (bad.status()) {
            case 403 -> FailureKind.FORBIDDEN;
            case 404 -> FailureKind.UNKNOWN_MODEL;
            default -> FailureKind.BAD_REQUEST;
        };
        byte[] body = api.dialect().writeError(new ErrorResponse(bad.status(), kind, bad.details(), List.of()));
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("content-type", List.of(InboundRequest.JSON));
        headers.put("understudy-attempts", List.of("0"));
        headers.put("x-should-retry", List.of("false"));
        return new SdkResponse(
                bad.status(), headers, new ByteArrayInputStream(Bytes.of(body).toArray()), () -> {});
    }

    private CompletableFuture<SdkResponse> passThrough(SdkRequest request) {
        CompletableFuture<SdkResponse> response;
        try {
            response = parts.passThrough().send(request);
        } catch (RuntimeException failed) {
            response = CompletableFuture.failedFuture(failed);
        }
        var unused = response.whenComplete((head, cause) -> request.body().ifPresent(SdkBody::close));
        return response;
    }

    /** Accepts no more requests; calls that run continue. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            parts.runner().close();
            keys.close();
            parts.whenClosed().run();
        }
    }
}
