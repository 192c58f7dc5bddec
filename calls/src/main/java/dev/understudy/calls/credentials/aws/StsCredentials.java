package dev.understudy.calls.credentials.aws;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Requests a role's temporary key from the Security Token Service.
 *
 * @param endpoint such as {@code https://sts.eu-west-1.amazonaws.com}
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">AssumeRole</a>
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html">
 *     AssumeRoleWithWebIdentity</a>
 */
record StsCredentials(CredentialsHttp http, String endpoint, String region, InstantSource clock) {
    private static final String FROM = "STS";
    private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

    /** The usual address of a region. */
    static String endpointOf(String region) {
        return "https://sts." + region + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
    }

    /** With a key that exists already. */
    CompletableFuture<AwsCredentials> assumeRole(
            AwsCredentials own, String role, String sessionName, Optional<String> externalId) {
        Map<String, String> form = form("AssumeRole", role, sessionName);
        externalId.ifPresent(id -> form.put("ExternalId", id));
        String body = encoded(form);
        Instant now = clock.instant();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", FORM);
        headers.put("X-Amz-Date", SigV4.time(now));
        if (!own.sessionToken().isEmpty()) {
            headers.put("X-Amz-Security-Token", own.sessionToken());
        }
        Map<String, String> signed = new TreeMap<>(headers);
        signed.put("Host", URI.create(endpoint).getRawAuthority());
        headers.put(
                "Authorization",
                new SigV4(region, "sts")
                        .authorization(
                                "POST", "/", "", signed, SigV4.hash(body.getBytes(StandardCharsets.UTF_8)), own, now));
        return http.post(endpoint + "/", headers, body).thenCompose(answer -> KeyAnswers.xml(answer, FROM));
    }

    /** With a token of an identity provider; the request is not signed, because there is no key yet. */
    CompletableFuture<AwsCredentials> assumeRoleWithWebIdentity(String token, String role, String sessionName) {
        Map<String, String> form = form("AssumeRoleWithWebIdentity", role, sessionName);
        form.put("WebIdentityToken", token);
        return http.post(endpoint + "/", Map.of("Content-Type", FORM), encoded(form))
                .thenCompose(answer -> KeyAnswers.xml(answer, FROM));
    }

    private static Map<String, String> form(String action, String role, String sessionName) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("Action", action);
        form.put("Version", "2011-06-15");
        form.put("RoleArn", role);
        form.put("RoleSessionName", sessionName);
        return form;
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
