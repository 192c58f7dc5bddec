package dev.understudy.calls.credentials.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads keys out of answers: flat JSON of containers and instances, XML of STS. */
final class KeyAnswers {
    private static final JsonFactory JSON = new JsonFactory();

    private KeyAnswers() {}

    /** {@code {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}}. */
    static CompletableFuture<AwsCredentials> json(String text, String from) {
        Map<String, String> said = new HashMap<>();
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    if (parser.nextToken() == JsonToken.VALUE_STRING) {
                        said.put(name, parser.getText());
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        } catch (IOException broken) {
            return CompletableFuture.failedFuture(
                    new CredentialsUnavailable(from + " returned a response that is not JSON"));
        }
        return credentials(
                from,
                said.getOrDefault("AccessKeyId", ""),
                said.getOrDefault("SecretAccessKey", ""),
                said.getOrDefault("Token", ""),
                said.getOrDefault("Expiration", ""));
    }

    /** {@code <Credentials><AccessKeyId>…}, which STS always writes in the same plain way. */
    static CompletableFuture<AwsCredentials> xml(String text, String from) {
        return credentials(
                from,
                element(text, "AccessKeyId"),
                element(text, "SecretAccessKey"),
                element(text, "SessionToken"),
                element(text, "Expiration"));
    }

    private static String element(String text, String name) {
        Matcher found =
                Pattern.compile("<" + name + ">\\s*([^<]*?)\\s*</" + name + ">").matcher(text);
        return found.find() ? found.group(1) : "";
    }

    private static CompletableFuture<AwsCredentials> credentials(
            String from, String access, String secret, String token, String expiry) {
        if (access.isEmpty() || secret.isEmpty()) {
            return CompletableFuture.failedFuture(new CredentialsUnavailable(from + " returned no key"));
        }
        try {
            return CompletableFuture.completedFuture(new AwsCredentials(
                    access, secret, token, expiry.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(expiry))));
        } catch (DateTimeException noTime) {
            return CompletableFuture.failedFuture(
                    new CredentialsUnavailable(from + " returned an invalid expiry time"));
        }
    }
}
