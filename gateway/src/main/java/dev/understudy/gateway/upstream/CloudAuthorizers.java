package dev.understudy.gateway.upstream;

import dev.understudy.calls.config.CloudAccount;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.upstream.Authorizer;
import dev.understudy.gateway.credentials.aws.AwsCredentialsChain;
import dev.understudy.gateway.credentials.aws.AwsCredentialsSource;
import dev.understudy.gateway.credentials.aws.AwsSigner;
import dev.understudy.gateway.credentials.google.GoogleServiceAccount;
import dev.understudy.gateway.credentials.google.InvalidServiceAccountKey;
import dev.understudy.gateway.credentials.google.ServiceAccountKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Signs requests to Amazon, and fetches tokens for Google. Belongs to one event loop. Its maps need no bound: their keys are
 * the accounts of the configuration.
 */
public final class CloudAuthorizers implements Authorizer.Source {
    /** A profile that the configuration names has precedence over keys in the environment. */
    private static final Set<String> KEYS_OF_NO_PROFILE =
            Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN");

    private static final Map<String, String> SIGNED = Map.of("content-type", "application/json");

    private final Vertx vertx;
    private final HttpClient client;
    private final Environment environment;
    private final InstantSource clock;
    private final Map<CloudAccount, AwsCredentialsSource> ofAmazon = new HashMap<>();
    private final Map<String, Future<GoogleServiceAccount>> ofGoogle = new HashMap<>();
    private final CloudSecrets secrets = new CloudSecrets();

    /**
     * @param client fetches the credentials
     * @param environment where the clouds' own clients look for credentials
     */
    public CloudAuthorizers(Vertx vertx, HttpClient client, Environment environment, InstantSource clock) {
        this.vertx = vertx;
        this.client = client;
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public Optional<Authorizer> of(ProviderSettings provider, URI address) {
        return switch (provider.authStyle()) {
            case AWS -> Optional.of(amazon(provider, address));
            case GOOGLE_ACCOUNT -> provider.account().serviceAccount().map(this::google);
            case BEARER, HEADER, X_API_KEY, GOOGLE, NONE -> Optional.empty();
        };
    }

    private Authorizer amazon(ProviderSettings provider, URI address) {
        AwsCredentialsSource source = ofAmazon.computeIfAbsent(
                provider.account(),
                account -> AwsCredentialsChain.cached(vertx, client, asProfile(account.profile()), clock));
        String region = provider.account().region().orElseGet(() -> regionIn(address));
        return body -> source.current()
                .map(credentials -> {
                    secrets.use(
                            provider.account(),
                            List.of(credentials.accessKey(), credentials.secretKey(), credentials.sessionToken()));
                    return AwsSigner.sign("POST", address, SIGNED, body, credentials, region, clock.instant());
                })
                .toCompletionStage();
    }

    private Environment asProfile(Optional<String> profile) {
        return profile.isEmpty()
                ? environment
                : name -> name.equals("AWS_PROFILE")
                        ? profile
                        : KEYS_OF_NO_PROFILE.contains(name) ? Optional.empty() : environment.lookup(name);
    }

    /** {@code bedrock-runtime.REGION.amazonaws.com}; Amazon's first region where the address names none. */
    private static String regionIn(URI address) {
        String[] labels = address.getHost().split("\\.", -1);
        return labels.length > 3 && labels[0].startsWith("bedrock") ? labels[1] : "us-east-1";
    }

    private Authorizer google(String keyFile) {
        return body -> account(keyFile)
                .compose(account -> account.token(now()))
                .map(token -> {
                    secrets.use(keyFile, List.of(token));
                    return Map.of("Authorization", "Bearer " + token);
                })
                .toCompletionStage();
    }

    private Future<GoogleServiceAccount> account(String keyFile) {
        Future<GoogleServiceAccount> known = ofGoogle.get(keyFile);
        if (known != null && !known.failed()) {
            return known;
        }
        Future<GoogleServiceAccount> read = vertx.fileSystem().readFile(keyFile).compose(bytes -> {
            try {
                return Future.succeededFuture(
                        new GoogleServiceAccount(ServiceAccountKey.read(bytes.getBytes()), client));
            } catch (InvalidServiceAccountKey unusable) {
                return Future.failedFuture(unusable);
            }
        });
        ofGoogle.put(keyFile, read);
        return read;
    }

    private Instant now() {
        return clock.instant();
    }
}
