package dev.understudy.gateway.credentials.aws;

import dev.understudy.calls.config.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads Amazon's files, never on an event loop: Vert.x reads them on a thread of its own. */
record AwsFiles(Vertx vertx, Environment environment) {

    /** The profile that is configured, or the default one. */
    String profile() {
        return environment
                .get("AWS_PROFILE")
                .or(() -> environment.get("AWS_DEFAULT_PROFILE"))
                .orElse("default");
    }

    /** All profiles; none if there are no files. */
    Future<AwsProfiles> profiles() {
        return textOrNothing("AWS_CONFIG_FILE", "config")
                .compose(config -> textOrNothing("AWS_SHARED_CREDENTIALS_FILE", "credentials")
                        .map(credentials -> AwsProfiles.of(config, credentials)));
    }

    private Future<String> textOrNothing(String variable, String usual) {
        String path = environment
                .get(variable)
                .orElseGet(() -> home().resolve(".aws").resolve(usual).toString());
        return vertx.fileSystem().exists(path).compose(there -> there ? read(path) : Future.succeededFuture(""));
    }

    private Path home() {
        return Path.of(environment.get("HOME").orElse(System.getProperty("user.home", "/")));
    }

    /** The text of a file that must be there, without the blanks around it. */
    Future<String> read(String path) {
        return vertx.fileSystem()
                .readFile(path)
                .map(text -> text.toString(StandardCharsets.UTF_8).strip())
                .recover(why -> Future.failedFuture(
                        new CredentialsUnavailable("No AWS credentials: cannot read " + path + ".")));
    }
}
