package dev.understudy.calls.credentials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Answers requests with a function, at once or when told; reads real files. */
public record FakeTransport(Function<Request, CompletableFuture<Response>> answers) implements CredentialsTransport {

    @Override
    public CompletableFuture<Response> send(Request request) {
        return answers.apply(request);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> read(Path file) {
        try {
            return CompletableFuture.completedFuture(
                    Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty());
        } catch (IOException unreadable) {
            return CompletableFuture.failedFuture(new UncheckedIOException(unreadable));
        }
    }
}
