package dev.understudy.gateway.credentials.aws;

import dev.understudy.calls.config.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds an Amazon key in the places where Amazon's own clients look, in their order: environment, web identity, profile, container, instance.
 * The first place that is set up decides; if it fails, the others are not tried, because the operator has chosen it.
 *
 * <p>Fetches at each call; see {@link CachedCredentials}.
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

    private AwsCredentialsChain(Vertx vertx, HttpClient client, Environment environment, InstantSource clock) {
        this.environment = environment;
        this.files = new AwsFiles(vertx, environment);
        this.http = new CredentialsHttp(client, PATIENCE);
        this.metadata = new MetadataCredentials(
                new CredentialsHttp(client, LITTLE_PATIENCE),
                environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT").orElse(MetadataCredentials.ADDRESS));
        this.clock = clock;
    }

    /** The chain behind a cache: what a destination keeps. */
    public static AwsCredentialsSource cached(
            Vertx vertx, HttpClient client, Environment environment, InstantSource clock) {
        return new CachedCredentials(new AwsCredentialsChain(vertx, client, environment, clock), clock);
    }

    /** The region that the environment or the profile names. */
    public static Future<Optional<String>> region(Vertx vertx, Environment environment) {
        Optional<String> named = environment.get("AWS_REGION").or(() -> environment.get("AWS_DEFAULT_REGION"));
        AwsFiles files = new AwsFiles(vertx, environment);
        return named.isPresent()
                ? Future.succeededFuture(named)
                : files.profiles().map(profiles -> profiles.get(files.profile(), "region"));
    }

    @Override
    public Future<AwsCredentials> current() {
        Optional<String> access = environment.get("AWS_ACCESS_KEY_ID");
        Optional<String> secret = environment.get("AWS_SECRET_ACCESS_KEY");
        if (access.isPresent() && secret.isPresent()) {
            return Future.succeededFuture(AwsCredentials.lasting(
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
        return files.profiles().compose(profiles -> {
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

    private Future<AwsCredentials> ofProfile(AwsProfiles profiles, String profile, Set<String> seen) {
        Optional<String> role = profiles.get(profile, "role_arn");
        boolean again = !seen.add(profile);
        if (role.isEmpty() || (again && profiles.keys(profile).isPresent())) {
            return profiles.keys(profile)
                    .map(Future::succeededFuture)
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
                .compose(own -> sts(region).assumeRole(own, role.get(), session, profiles.get(profile, "external_id")));
    }

    private Future<AwsCredentials> ofSource(AwsProfiles profiles, String profile, Set<String> seen) {
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

    private Future<AwsCredentials> ofSurroundings() {
        Optional<String> container = environment
                .get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
                .map(path -> CONTAINER + path)
                .or(() -> environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        if (container.isPresent()) {
            return containerToken()
                    .compose(token ->
                            http.get(container.get(), token.isEmpty() ? Map.of() : Map.of("Authorization", token)))
                    .compose(key -> KeyAnswers.json(key, "the container's credentials service"));
        } else if (environment.get("AWS_EC2_METADATA_DISABLED").orElse("").equalsIgnoreCase("true")) {
            return none("neither the environment nor a profile has a key");
        }
        return metadata.current()
                .recover(why -> none("neither the environment nor a profile has a key, and " + why.getMessage()));
    }

    private Future<String> containerToken() {
        Optional<String> file = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        return file.isPresent()
                ? files.read(file.get())
                : Future.succeededFuture(
                        environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN").orElse(""));
    }

    private Future<AwsCredentials> webIdentity(String tokenFile, String role, String session, Optional<String> region) {
        return files.read(tokenFile).compose(token -> sts(region).assumeRoleWithWebIdentity(token, role, session));
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

    private static <T> Future<T> none(String why) {
        return Future.failedFuture(new CredentialsUnavailable("No AWS credentials: " + why + "."));
    }
}
