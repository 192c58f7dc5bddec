package dev.understudy.calls.credentials.aws;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Amazon's signature, version 4: a pure function of the request, the key and the time.
 *
 * <p>The path is encoded once more than it stands in the address, as all services but S3 require: a model's {@code :}
 * that is {@code %3A} in the address is {@code %253A} in what is signed.
 *
 * @param region such as {@code us-east-1}
 * @param service such as {@code bedrock}
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a
 *     signed request</a>
 */
public record SigV4(String region, String service) {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Says when a request is signed, in Amazon's spelling. */
    public static String time(Instant now) {
        return TIME.format(now);
    }

    /**
     * The value of {@code Authorization}.
     *
     * @param rawPath as it stands in the address; empty for none
     * @param rawQuery as it stands there; empty for none
     * @param headers all that are signed, {@code host} and {@code x-amz-date} among them
     * @param bodyHash see {@link #hash}
     * @param now the time in {@code x-amz-date}
     */
    public String authorization(
            String method,
            String rawPath,
            String rawQuery,
            Map<String, String> headers,
            String bodyHash,
            AwsCredentials credentials,
            Instant now) {
        TreeMap<String, String> signed = new TreeMap<>();
        headers.forEach((name, value) ->
                signed.put(name.toLowerCase(Locale.ROOT), value.strip().replaceAll(" +", " ")));
        String names = String.join(";", signed.keySet());
        String request = String.join(
                "\n",
                method,
                path(rawPath),
                query(rawQuery),
                signed.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining()),
                names,
                bodyHash);
        String time = time(now);
        String scope = String.join("/", time.substring(0, 8), region, service, "aws4_request");
        String toSign = String.join("\n", ALGORITHM, time, scope, hash(bytes(request)));
        byte[] key = bytes("AWS4" + credentials.secretKey());
        for (String part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return ALGORITHM + " Credential=" + credentials.accessKey() + "/" + scope + ", SignedHeaders=" + names
                + ", Signature=" + HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String path(String rawPath) {
        return rawPath.isEmpty() ? "/" : encoded(rawPath, "/");
    }

    /** Parameters in order of their names and then values; they are encoded already. */
    private static String query(String rawQuery) {
        if (rawQuery.isEmpty()) {
            return "";
        }
        return Arrays.stream(rawQuery.split("&", -1))
                .filter(parameter -> !parameter.isEmpty())
                .map(parameter -> parameter.contains("=") ? parameter : parameter + "=")
                // A name that is the beginning of another comes first: '=' must not be compared with letters.
                .sorted((one, other) -> one.replaceFirst("=", "\0").compareTo(other.replaceFirst("=", "\0")))
                .collect(Collectors.joining("&"));
    }

    /** Everything but letters, digits, {@code -._~} and what is to be kept as {@code %XX}. */
    static String encoded(String text, String kept) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : bytes(text)) {
            char c = (char) (b & 0xFF);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || "-._~".indexOf(c) >= 0 || kept.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    /** The SHA-256 of a body, in hexadecimal. */
    public static String hash(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // Each Java has it.
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(bytes(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible); // Each Java has it, and takes any key but an empty one.
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
