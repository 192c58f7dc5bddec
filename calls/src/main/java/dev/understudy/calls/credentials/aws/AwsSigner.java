package dev.understudy.calls.credentials.aws;

import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Signs requests to Bedrock. */
public final class AwsSigner {
    private static final String BEDROCK = "bedrock";

    private AwsSigner() {}

    /**
     * The headers that authenticate a request: {@code Authorization}, {@code X-Amz-Date} and, for a key
     * that is temporary, {@code X-Amz-Security-Token}.
     *
     * @param uri the whole address, exactly as it is sent; in its path all but letters, digits and {@code -._~/} must be
     *     encoded ({@link #modelId})
     * @param headersToSign others that are sent and must not be changed on the way, such as {@code content-type}; {@code
     *     host} is signed in any case
     * @param body the whole of it
     */
    public static Map<String, String> sign(
            String method,
            URI uri,
            Map<String, String> headersToSign,
            byte[] body,
            AwsCredentials credentials,
            String region,
            Instant now) {
        Map<String, String> added = new LinkedHashMap<>();
        added.put("X-Amz-Date", SigV4.time(now));
        if (!credentials.sessionToken().isEmpty()) {
            added.put("X-Amz-Security-Token", credentials.sessionToken());
        }
        Map<String, String> all = new LinkedHashMap<>(headersToSign);
        all.putAll(added);
        all.put("Host", host(uri));
        added.put(
                "Authorization",
                new SigV4(region, BEDROCK)
                        .authorization(
                                method,
                                Optional.ofNullable(uri.getRawPath()).orElse(""),
                                Optional.ofNullable(uri.getRawQuery()).orElse(""),
                                all,
                                SigV4.hash(body),
                                credentials,
                                now));
        return added;
    }

    /** A model's id as one segment of a path: {@code :} and {@code /}, of which ids and ARNs have some, are encoded. */
    public static String modelId(String model) {
        return SigV4.encoded(model, "");
    }

    /** As HTTP clients write it: without the port that the scheme has anyway. */
    private static String host(URI uri) {
        boolean usual = uri.getPort() < 0
                || (uri.getPort() == 443 && "https".equals(uri.getScheme()))
                || (uri.getPort() == 80 && "http".equals(uri.getScheme()));
        return usual ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }
}
