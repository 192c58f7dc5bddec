package dev.understudy.gateway.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.understudy.calls.config.ProviderDialect;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.upstream.ConnectionFailures;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.gateway.quota.RateBucket;
import dev.understudy.gateway.upstream.ModelLists;
import dev.understudy.gateway.upstream.ProviderRequests;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.failure.SecretsInUse;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tests connections to providers: requests the list of models, which costs nothing and needs the key. Health does not know of it, since
 * providers limit this endpoint separately. Shared by all event loops.
 */
public final class ProviderTests {
    private static final int PER_MINUTE = 20;
    private static final int MOST_AT_ONCE = 4;
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int LARGEST_ERROR = 64 * 1024;

    private final RateBucket rate = new RateBucket(PER_MINUTE, System.nanoTime());
    private final AtomicInteger running = new AtomicInteger();

    /**
     * What a test has shown.
     *
     * @param kind {@code ok}, a failure kind, {@code no_model_list} or {@code not_testable}
     * @param status of the provider's response; 0 if there was none
     */
    private record Finding(String kind, int status, String message) {
        boolean isOk() {
            return kind.equals("ok");
        }
    }

    /** Whether there is a request for this provider that costs nothing and needs no signature. */
    static boolean canTest(ProviderSettings provider) {
        return ProviderRequests.canReach(provider) && provider.dialect() != ProviderDialect.BEDROCK;
    }

    /**
     * Tests a connection.
     *
     * @param requests those of the current event loop
     * @return the response, which describes a failure too; never fails
     */
    public Future<AdminResponse> run(ProviderSettings provider, ProviderRequests requests) {
        long began = System.nanoTime();
        if (!canTest(provider)) {
            return Future.succeededFuture(response(
                    provider,
                    new Finding(
                            "not_testable",
                            0,
                            "this provider has no request that costs nothing and needs no signature"),
                    began));
        }
        if (running.incrementAndGet() > MOST_AT_ONCE || !rate.take(1, 1, began)) {
            running.decrementAndGet();
            long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(rate.untilLeft(1, began)) + 1);
            return Future.succeededFuture(AdminError.of(
                            429,
                            "too_many_tests",
                            "at most " + MOST_AT_ONCE + " connections are tested at once, and " + PER_MINUTE
                                    + " a minute; try again in " + seconds + " s")
                    .response()
                    .retryAfter(seconds));
        }
        Future<HttpClientResponse> head = requests.open(
                provider,
                new ProviderRequests.Request(
                        HttpMethod.GET, address(provider), Map.of(), Optional.empty(), LARGEST_ERROR, SILENCE));
        return head.compose(ProviderTests::finding)
                .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(cause -> {
                    head.onSuccess(ProviderTests::drop);
                    return unreached(cause);
                })
                .map(finding -> {
                    running.decrementAndGet();
                    return response(provider, finding, began);
                });
    }

    private static URI address(ProviderSettings provider) {
        // Azure lists the models of its catalog and not the account's deployments, which is enough for a test alone.
        return provider.resource(ModelLists.path(provider, 1)
                .orElseGet(() ->
                        "openai/models?api-version=" + provider.apiVersion().orElse("")));
    }

    private static Future<Finding> finding(HttpClientResponse head) {
        int status = head.statusCode();
        String type = String.valueOf(head.getHeader("content-type"));
        if (status / 100 == 2) {
            // What is in the list does not matter, and some lists are long.
            drop(head);
            return Future.succeededFuture(
                    type.contains("json")
                            ? new Finding("ok", status, "the provider answers, and accepts the key")
                            : new Finding(
                                    FailureKind.MALFORMED.wireName(),
                                    status,
                                    "the answer is not JSON, as that of an API is"));
        }
        if (status == 404 || status == 405) {
            drop(head);
            return Future.succeededFuture(new Finding(
                    "no_model_list", status, "the server answers, but has no list of models at this address"));
        }
        return ProviderRequests.body(head, LARGEST_ERROR).map(body -> {
            Failure failure = Classifier.classify(
                    status,
                    name -> Optional.ofNullable(head.getHeader(name)),
                    body.getBytes(),
                    System.currentTimeMillis());
            return new Finding(failure.kind().wireName(), status, SecretsInUse.redact(failure.message()));
        });
    }

    /** Without a handler Vert.x logs the end of the response as an error. */
    private static void drop(HttpClientResponse head) {
        head.exceptionHandler(expected -> {});
        head.request().reset();
    }

    private static Finding unreached(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return new Finding(
                    FailureKind.TIMEOUT_CONNECT.wireName(), 0, "no answer within " + LIMIT.toSeconds() + " s");
        }
        Failure failure = ConnectionFailures.beforeAnswer(cause);
        return new Finding(failure.kind().wireName(), 0, failure.message());
    }

    private static AdminResponse response(ProviderSettings provider, Finding finding, long began) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("provider", provider.name());
        json.put("ok", finding.isOk());
        json.put("kind", finding.kind());
        if (finding.status() > 0) {
            json.put("status", finding.status());
        }
        json.put("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        json.put("message", finding.message());
        json.put("next_step", nextStep(finding.kind()));
        return AdminResponse.of(json);
    }

    private static String nextStep(String kind) {
        return switch (kind) {
            case "ok" -> "Nothing to do.";
            case "not_testable" -> "Send a call to one of its models; the page Calls shows the provider's answer.";
            case "no_model_list" ->
                "If base-url is right, nothing is wrong: some servers have no such list. The key was not checked; send a call to one"
                        + " of its models.";
            case "auth" -> "Set another key here, or correct api-key in the configuration.";
            case "forbidden" -> "Check what the key may do, and whether this machine's address or region is permitted.";
            case "quota" -> "Check the account's balance or limit at the provider.";
            case "rate_limited", "overloaded" -> "The key and the address are right. Wait, and test again.";
            case "connection", "timeout_connect" ->
                "Check base-url, and whether this machine can reach it (DNS, firewall, proxy).";
            case "malformed" -> "Check base-url: it ends before /chat/completions, /messages or /models.";
            case "server_error", "not_ready" ->
                "Test again in a moment; if it stays, look at the provider's status page.";
            default -> "Check base-url, dialect and key of the provider in the configuration.";
        };
    }
}
