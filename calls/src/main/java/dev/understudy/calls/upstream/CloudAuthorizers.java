package dev.understudy.calls.upstream;

import dev.understudy.calls.config.CloudAccount;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.config.ProviderSettings;
import dev.understudy.calls.credentials.CredentialsTransport;
import dev.understudy.calls.credentials.aws.AwsCredentials;
import dev.understudy.calls.credentials.aws.AwsCredentialsChain;
import dev.understudy.calls.credentials.aws.AwsCredentialsSource;
import dev.understudy.calls.credentials.aws.AwsSigner;
import dev.understudy.calls.credentials.google.GoogleServiceAccount;
import dev.understudy.calls.credentials.google.InvalidServiceAccountKey;
import dev.understudy.calls.credentials.google.ServiceAccountKey;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Signs requests to Amazon, and fetches tokens for Google. Safe for use by many threads. Its maps need no bound: their keys are
 * the accounts of the configuration.
 */
public final class CloudAuthorizers implements Authorizer.Source, AutoCloseable {
    /** A profile that the configuration names has precedence over keys in the environment. */
    private static final Set<String> KEYS_OF_NO_PROFILE =
            Set.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN");

    private static final Map<String, String> SIGNED = Map.of("content-type", "application/json");

    /** A signature reads the whole body: of one that is longer, in bytes, that takes too long for a loop. */
    private static final int LONG_BODY = 128 * 1024;

    private final CredentialsTransport transport;
    private final Environment environment;
    private final InstantSource clock;
    private final Executor threads;
    private final Map<CloudAccount, AwsCredentialsSource> ofAmazon = new HashMap<>();
    private final Map<String, CompletableFuture<GoogleServiceAccount>> ofGoogle = new HashMap<>();
    private final CloudSecrets secrets = new CloudSecrets();

    /**
     * @param transport fetches the credentials
     * @param environment where the clouds' own clients look for credentials
     * @param threads sign long requests, off the loop
     */
    public CloudAuthorizers(
            CredentialsTransport transport, Environment environment, InstantSource clock, Executor threads) {
        this.transport = transport;
        this.environment = environment;
        this.clock = clock;
        this.threads = threads;
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
        CloudAccount account = provider.account();
        AwsCredentialsSource source = amazon(account);
        String region = account.region().orElseGet(() -> regionIn(address));
        return body -> {
            CompletableFuture<AwsCredentials> credentials = source.current();
            return body.length > LONG_BODY
                    ? credentials.thenApplyAsync(each -> signed(account, address, body, each, region), threads)
                    : credentials.thenApply(each -> signed(account, address, body, each, region));
        };
    }

    private synchronized AwsCredentialsSource amazon(CloudAccount account) {
        return ofAmazon.computeIfAbsent(
                account, each -> AwsCredentialsChain.cached(transport, asProfile(each.profile()), clock));
    }

    private Map<String, String> signed(
            CloudAccount account, URI address, byte[] body, AwsCredentials credentials, String region) {
        secrets.use(account, List.of(credentials.accessKey(), credentials.secretKey(), credentials.sessionToken()));
        return AwsSigner.sign("POST", address, SIGNED, body, credentials, region, clock.instant());
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
                .thenCompose(account -> account.token(clock.instant()))
                .thenApply(token -> {
                    secrets.use(keyFile, List.of(token));
                    return Map.of("Authorization", "Bearer " + token);
                });
    }

    private synchronized CompletableFuture<GoogleServiceAccount> account(String keyFile) {
        CompletableFuture<GoogleServiceAccount> known = ofGoogle.get(keyFile);
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        CompletableFuture<GoogleServiceAccount> read = read(keyFile);
        ofGoogle.put(keyFile, read);
        return read;
    }

    private CompletableFuture<GoogleServiceAccount> read(String keyFile) {
        Path path;
        try {
            path = Path.of(keyFile);
        } catch (InvalidPathException invalid) {
            return unusable("The Google key file " + keyFile + " is no path of a file.");
        }
        return transport.read(path).thenCompose(content -> {
            if (content.isEmpty()) {
                return unusable("The Google key file " + keyFile + " does not exist.");
            }
            try {
                return CompletableFuture.completedFuture(
                        new GoogleServiceAccount(ServiceAccountKey.read(content.get()), transport));
            } catch (InvalidServiceAccountKey unusable) {
                return CompletableFuture.failedFuture(unusable);
            }
        });
    }

    private static CompletableFuture<GoogleServiceAccount> unusable(String why) {
        return CompletableFuture.failedFuture(new InvalidServiceAccountKey(why));
    }

    /** The credentials are not kept out of errors any more: no more requests will be made. */
    @Override
    public void close() {
        secrets.close();
    }
}
