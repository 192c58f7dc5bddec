package dev.understudy.testing.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a request as Amazon checks it: made again of the bytes that arrived.
 *
 * @param text the signature in the request
 * @param scope date, region and service, as the request names them
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a
 *     signed AWS API request</a>
 */
public record AmazonSignature(ReceivedRequest request, String text, String scope, List<String> signedHeaders) {
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=[^/]+/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

    /** Reads the signature of a request; fails if there is none. */
    public static AmazonSignature of(ReceivedRequest request) {
        Matcher found = AUTHORIZATION.matcher(request.head());
        if (!found.find()) {
            throw new AssertionError("the request is not signed: " + request.head());
        }
        return new AmazonSignature(
                request, found.group(3), found.group(1), List.of(found.group(2).split(";", -1)));
    }

    /** The signature that the request must have, if it was signed with a key. */
    public String recomputedWith(String secret) {
        String[] line = request.head().lines().findFirst().orElseThrow().split(" ", -1);
        StringBuilder canonical = new StringBuilder(line[0]).append('\n');
        // Every service but S3 encodes the path once more; a colon is the only sign of these paths that has to be.
        canonical.append(line[1].replace("%", "%25")).append("\n\n");
        for (String name : signedHeaders) {
            canonical.append(name).append(':').append(header(name)).append('\n');
        }
        canonical.append('\n').append(String.join(";", signedHeaders)).append('\n');
        canonical.append(sha256(request.bodyBytes()));
        String toSign = "AWS4-HMAC-SHA256\n" + header("x-amz-date") + "\n" + scope + "\n"
                + sha256(canonical.toString().getBytes(UTF_8));
        byte[] key = ("AWS4" + secret).getBytes(UTF_8);
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private String header(String name) {
        return request.head()
                .lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
