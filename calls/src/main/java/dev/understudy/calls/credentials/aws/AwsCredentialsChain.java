package dev.understudy.calls.credentials.aws;

import dev.understudy.calls.FutureCause;
import dev.understudy.calls.config.Environment;
import dev.understudy.calls.credentials.CredentialsTransport;
import dev.understudy.calls.credentials.ExpiringCredential;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Finds an Amazon key in the places where Amazon's own clients look, in their order: environment, web identity, profile, container, instance.
 * The first place that is set up decides; if it fails, the others are not tried, because the operator has chosen it.
 *
 * <p>Fetches at each call; see {@link #cached}.
 *
 * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html">Standardized credential
 *     providers</a>
 */
public final class AwsCredentialsChain implements AwsCredentialsSource {
    private static final String USUAL_REGION = "us-east-1";
    private static final String USUAL_SESSION = "understudy";
    private static final String CONTAINER = "http://169.254.170.2";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LITTLE_PATIENCE = Duration.ofSeconds(1);

    private final Environment environment;
    private final AwsFiles files;
    private final CredentialsHttp http;
    private final MetadataCredentials metadata;
    private final InstantSource clock;

    /**
     * @param transport reads the files and sends the requests
     * @param environment says where to look
     * @param clock of the signatures with which a role is requested
     */
    public AwsCredentialsChain(CredentialsTransport transport, Environment environment, InstantSource clock) {
        this.environment = environment;
        this.files = new AwsFiles(transport, environment);
        this.http = new CredentialsHttp(transport, PATIENCE);
        this.metadata = new MetadataCredentials(
                new CredentialsHttp(transport, LITTLE_PATIENCE),
                environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT").orElse(MetadataCredentials.ADDRESS));
        this.clock = clock;
    }

    /** The chain behind a cache: what an account keeps. */
    public static AwsCredentialsSource cached(
            CredentialsTransport transport, Environment environment, InstantSource clock) {
        AwsCredentialsChain chain = new AwsCredentialsChain(transport, environment, clock);
        ExpiringCredential<AwsCredentials> cached =
                new ExpiringCredential<>(now -> chain.current(), AwsCredentials::expiry);
        return () -> cached.at(clock.instant());
    }

    /** The region that the environment or the profile names. */
    public static CompletableFuture<Optional<String>> region(CredentialsTransport transport, Environment environment) {
        Optional<String> named = environment.get("AWS_REGION").or(() -> environment.get("AWS_DEFAULT_REGION"));
        AwsFiles files = new AwsFiles(transport, environment);
        return named.isPresent()
                ? CompletableFuture.completedFuture(named)
                : files.profiles().thenApply(profiles -> profiles.get(files.profile(), "region"));
    }

    @Override
    public CompletableFuture<AwsCredentials> current() {
        Optional<String> access = environment.get("AWS_ACCESS_KEY_ID");
        Optional<String> secret = environment.get("AWS_SECRET_ACCESS_KEY");
        if (access.isPresent() && secret.isPresent()) {
            return CompletableFuture.completedFuture(AwsCredentials.lasting(
                    access.get(),
                    secret.get(),
                    environment.get("AWS_SESSION_TOKEN").orElse("")));
        }
        Optional<String> role = environment.get("AWS_ROLE_ARN");
        Optional<String> token = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE");
        if (role.isPresent() && token.isPresent()) {
            return webIdentity(
                    token.get(),
                    role.get(),
                    environment.get("AWS_ROLE_SESSION_NAME").orElse(USUAL_SESSION),
                    Optional.empty());
        }
        return files.profiles().thenCompose(profiles -> {
            if (profiles.has(files.profile()) && isSetUp(profiles, files.profile())) {
                return ofProfile(profiles, files.profile(), new HashSet<>());
            } else if (profiles.unsupported(files.profile()).isPresent()) {
                return none(profiles.unsupported(files.profile()).get());
            } else if (environment.get("AWS_PROFILE").isPresent()) {
                return none("the profile " + files.profile() + " does not exist, or has neither a key nor a role");
            }
            return ofSurroundings();
        });
    }

    private static boolean isSetUp(AwsProfiles profiles, String profile) {
        return profiles.keys(profile).isPresent()
                || profiles.get(profile, "role_arn").isPresent();
    }

    private CompletableFuture<AwsCredentials> ofProfile(AwsProfiles profiles, String profile, Set<String> seen) {
        Optional<String> role = profiles.get(profile, "role_arn");
        boolean again = !seen.add(profile);
        if (role.isEmpty() || (again && profiles.keys(profile).isPresent())) {
            return profiles.keys(profile)
                    .map(CompletableFuture::completedFuture)
                    .orElseGet(
                            () -> none(profiles.unsupported(profile).orElse("the profile " + profile + " has no key")));
        } else if (again) {
            return none("the profile " + profile + " is its own source");
        }
        Optional<String> region = profiles.get(profile, "region");
        String session = profiles.get(profile, "role_session_name").orElse(USUAL_SESSION);
        Optional<String> token = profiles.get(profile, "web_identity_token_file");
        if (token.isPresent()) {
            return webIdentity(token.get(), role.get(), session, region);
        }
        return ofSource(profiles, profile, seen)
                .thenCompose(
                        own -> sts(region).assumeRole(own, role.get(), session, profiles.get(profile, "external_id")));
    }

    private CompletableFuture<AwsCredentials> ofSource(AwsProfiles profiles, String profile, Set<String> seen) {
        Optional<String> source = profiles.get(profile, "source_profile");
        if (source.isPresent()) {
            return ofProfile(profiles, source.get(), seen);
        }
        return switch (profiles.get(profile, "credential_source").orElse("")) {
            case "Ec2InstanceMetadata" -> metadata.current();
            case "EcsContainer" -> ofSurroundings();
            default -> none("the profile " + profile + " has a role_arn, but no source_profile");
        };
    }

    private CompletableFuture<AwsCredentials> ofSurroundings() {
        Optional<String> container = environment
                .get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                .map(path -> CONTAINER + path)
                .or(() -> environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        if (container.isPresent()) {
            return containerToken()
                    .thenCompose(token ->
                            http.get(container.get(), token.isEmpty() ? Map.of() : Map.of("Authorization", token)))
                    .thenCompose(key -> KeyAnswers.json(key, "the container's credentials service"));
        } else if (environment.get("AWS_EC2_METADATA_DISABLED").orElse("").equalsIgnoreCase("true")) {
            return none("neither the environment nor a profile has a key");
        }
        return metadata.current()
                .exceptionallyCompose(
                        why -> none("neither the environment nor a profile has a key, and " + FutureCause.text(why)));
    }

    private CompletableFuture<String> containerToken() {
        Optional<String> file = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        return file.isPresent()
                ? files.read(file.get())
                : CompletableFuture.completedFuture(
                        environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN").orElse(""));
    }

    private CompletableFuture<AwsCredentials> webIdentity(
            String tokenFile, String role, String session, Optional<String> region) {
        return files.read(tokenFile).thenCompose(token -> sts(region).assumeRoleWithWebIdentity(token, role, session));
    }

    private StsCredentials sts(Optional<String> profileRegion) {
        String region = environment
                .get("AWS_REGION")
                .or(() -> environment.get("AWS_DEFAULT_REGION"))
                .or(() -> profileRegion)
                .orElse(USUAL_REGION);
        String endpoint = environment.get("AWS_ENDPOINT_URL_STS").orElse(StsCredentials.endpointOf(region));
        return new StsCredentials(http, endpoint, region, clock);
    }

    private static <T> CompletableFuture<T> none(String why) {
        return CompletableFuture.failedFuture(new CredentialsUnavailable("No AWS credentials: " + why + "."));
    }
}
