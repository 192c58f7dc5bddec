package dev.understudy.gateway.cli;

import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.protocol.json.BodyLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --request} and {@code --api}: a request body that is planned and not sent. */
final class RequestOption {
    private static final String STANDARD_INPUT = "-";

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description = "The JSON body of a request, as a client would send it to the gateway; - reads it from the"
                    + " standard input. Shows which targets that request would skip and why.")
    private Optional<String> file = Optional.empty();

    @Option(
            names = "--api",
            paramLabel = "API",
            description =
                    "The API to which the client would send the request: chat (the default), completions, responses,"
                            + " messages, gemini, converse, embeddings and others. gemini and converse name the model in"
                            + " the path, so they need MODEL.")
    private Optional<String> statedApi = Optional.empty();

    boolean isPresent() {
        return file.isPresent();
    }

    boolean hasApi() {
        return statedApi.isPresent();
    }

    /** The API to which the request would be sent. */
    Api api() {
        return statedApi.flatMap(RequestOption::named).orElse(Api.CHAT);
    }

    /** An API's name on the command line. */
    static String name(Api api) {
        return api.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Optional<Api> named(String name) {
        return Arrays.stream(Api.values())
                .filter(api -> name(api).equals(name.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** The limits that the gateway would apply. */
    BodyLimits limits(Settings settings) {
        return BodyLimits.ofSize(settings.server().maxBody());
    }

    /**
     * Reads the request.
     *
     * @param model replaces the request's own
     * @throws ParameterException if the API does not exist, needs a model, or the file cannot be read
     */
    InboundRequest read(CommandSpec spec, Optional<String> model) {
        if (statedApi.isPresent() && statedApi.flatMap(RequestOption::named).isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--api: there is no API called '" + statedApi.get() + "'; known are "
                            + Arrays.stream(Api.values())
                                    .map(RequestOption::name)
                                    .collect(Collectors.joining(", ")));
        }
        Api api = api();
        boolean modelInPath = api.path().isEmpty();
        if (modelInPath && model.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--api " + name(api) + ": clients name the model in the path; add MODEL.");
        }
        byte[] body = body(spec);
        return new InboundRequest(api, model, false, "application/json", InboundRequest.Forwarded.NOTHING, body);
    }

    private byte[] body(CommandSpec spec) {
        String name = file.orElseThrow();
        try {
            byte[] body = name.equals(STANDARD_INPUT) ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
            if (new String(body, StandardCharsets.UTF_8).isBlank()) {
                throw new ParameterException(spec.commandLine(), "--request: " + shown(name) + " is empty");
            }
            return body;
        } catch (NoSuchFileException missing) {
            throw new ParameterException(spec.commandLine(), "--request: there is no file " + name);
        } catch (IOException unreadable) {
            throw new ParameterException(
                    spec.commandLine(), "--request: " + shown(name) + " cannot be read: " + unreadable.getMessage());
        }
    }

    private static String shown(String name) {
        return name.equals(STANDARD_INPUT) ? "the standard input" : name;
    }
}
