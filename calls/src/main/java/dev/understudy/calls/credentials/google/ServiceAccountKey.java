package dev.understudy.calls.credentials.google;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.protocol.json.JsonOut;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/** The key of a service account, as Google's console issues it: the account's address and its signing key. */
public final class ServiceAccountKey {
    /** Enough for Vertex AI and for the Gemini API. */
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    /** The longest that Google allows. */
    private static final Duration LIFE = Duration.ofHours(1);

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");
    private static final String PEM_START = "-----BEGIN PRIVATE KEY-----";
    private static final String PEM_END = "-----END PRIVATE KEY-----";

    private final KeyFile file;
    private final URI tokenUri;
    private final PrivateKey key;

    private ServiceAccountKey(KeyFile file, URI tokenUri, PrivateKey key) {
        this.file = file;
        this.tokenUri = tokenUri;
        this.key = key;
    }

    /**
     * Reads a key file.
     *
     * @param json its content
     * @throws InvalidServiceAccountKey if it is something else, or something is missing
     */
    public static ServiceAccountKey read(byte[] json) throws InvalidServiceAccountKey {
        KeyFile file = KeyFile.read(json);
        if (!file.type().equals("service_account")) {
            throw new InvalidServiceAccountKey("The 'type' of the Google key file is not \"service_account\";"
                    + " other kinds of credentials are not supported. Create a JSON key for a service account.");
        }
        if (file.clientEmail().isBlank()) {
            throw new InvalidServiceAccountKey("The Google key file has no 'client_email'.");
        }
        return new ServiceAccountKey(file, tokenUri(file.tokenUri()), privateKey(file.privateKey()));
    }

    /** The account, by its address. */
    public String clientEmail() {
        return file.clientEmail();
    }

    /** The project that the account belongs to; empty if the file does not state it. */
    public String projectId() {
        return file.projectId();
    }

    /** The endpoint that issues tokens. */
    URI tokenUri() {
        return tokenUri;
    }

    /** A signed assertion with which this account requests a token now. */
    String assertion(Instant now) {
        String head = base64(JsonOut.text(json -> {
                    json.writeStartObject();
                    json.writeStringField("alg", "RS256");
                    json.writeStringField("typ", "JWT");
                    if (!file.privateKeyId().isEmpty()) {
                        json.writeStringField("kid", file.privateKeyId());
                    }
                    json.writeEndObject();
                })
                .getBytes(UTF_8));
        String claims = base64(JsonOut.text(json -> {
                    json.writeStartObject();
                    json.writeStringField("iss", file.clientEmail());
                    json.writeStringField("scope", SCOPE);
                    json.writeStringField("aud", file.tokenUri());
                    json.writeNumberField("iat", now.getEpochSecond());
                    json.writeNumberField("exp", now.plus(LIFE).getEpochSecond());
                    json.writeEndObject();
                })
                .getBytes(UTF_8));
        String signed = head + "." + claims;
        return signed + "." + base64(signature(signed.getBytes(US_ASCII)));
    }

    private byte[] signature(byte[] of) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(of);
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            // Every JDK has the algorithm, and the key was tried when it was read.
            throw new IllegalStateException("the key of a service account does not sign", impossible);
        }
    }

    private static URI tokenUri(String text) throws InvalidServiceAccountKey {
        try {
            URI uri = URI.create(text);
            String host = uri.getHost();
            if (host != null
                    && ("https".equals(uri.getScheme())
                            || ("http".equals(uri.getScheme()) && LOOPBACK.contains(host)))) {
                return uri;
            }
        } catch (IllegalArgumentException noUri) {
            // Told below, like the others.
        }
        throw new InvalidServiceAccountKey("The 'token_uri' of the Google key file must be an https address,"
                + " such as https://oauth2.googleapis.com/token.");
    }

    private static PrivateKey privateKey(String pem) throws InvalidServiceAccountKey {
        int start = pem.indexOf(PEM_START);
        int end = pem.indexOf(PEM_END);
        if (start < 0 || end < start) {
            throw new InvalidServiceAccountKey(
                    "The 'private_key' of the Google key file is not a PKCS #8 key in PEM format; use the file"
                            + PEM_START + " as downloaded from Google.");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(start + PEM_START.length(), end));
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
            Signature.getInstance("SHA256withRSA").initSign(key);
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException broken) {
            // Their messages may quote the key.
            throw new InvalidServiceAccountKey(
                    "The 'private_key' of the Google key file cannot be read as an RSA key: it is damaged.");
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Hides the key; the account's address may be logged. */
    @Override
    public String toString() {
        return "ServiceAccountKey(" + file.clientEmail() + ")";
    }
}
