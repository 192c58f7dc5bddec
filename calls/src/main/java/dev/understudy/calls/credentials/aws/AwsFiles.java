package dev.understudy.calls.credentials.aws;

import dev.understudy.calls.config.Environment;
import dev.understudy.calls.credentials.CredentialsTransport;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Reads Amazon's files. */
record AwsFiles(CredentialsTransport transport, Environment environment) {

    /** The profile that is configured, or the default one. */
    String profile() {
        return environment
                .get("AWS_PROFILE")
                .or(() -> environment.get("AWS_DEFAULT_PROFILE"))
                .orElse("default");
    }

    /** All profiles; none if there are no files. */
    CompletableFuture<AwsProfiles> profiles() {
        return textOrNothing("AWS_CONFIG_FILE", "config")
                .thenCompose(config -> textOrNothing("AWS_SHARED_CREDENTIALS_FILE", "credentials")
                        .thenApply(credentials -> AwsProfiles.of(config, credentials)));
    }

    private CompletableFuture<String> textOrNothing(String variable, String usual) {
        return text(environment.get(variable).orElseGet(() -> home() + "/.aws/" + usual))
                .thenApply(text -> text.orElse(""));
    }

    private String home() {
        return environment.get("HOME").orElse(System.getProperty("user.home", "/"));
    }

    /** The text of a file that must be there, without the blanks around it. */
    CompletableFuture<String> read(String path) {
        return text(path)
                .thenCompose(
                        text -> text.map(CompletableFuture::completedFuture).orElseGet(() -> unreadable(path)));
    }

    private CompletableFuture<Optional<String>> text(String path) {
        Path file;
        try {
            file = Path.of(path);
        } catch (InvalidPathException invalid) {
            return unreadable(path);
        }
        return transport
                .read(file)
                .thenApply(content -> content.map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip()))
                .exceptionallyCompose(why -> unreadable(path));
    }

    private static <T> CompletableFuture<T> unreadable(String path) {
        return CompletableFuture.failedFuture(
                new CredentialsUnavailable("No AWS credentials: cannot read " + path + "."));
    }
}
