package dev.understudy.protocol.failure;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The keys that this process uses: none of them may be in anything that an upstream says in an error or a header, because
 * callers and logs receive it. Providers and the proxies before them repeat keys and whole requests in their errors.
 *
 * <p>Every text of an error passes {@link ErrorTextSanitizer}, which searches for these keys before it searches for what
 * merely looks like a key. The registry is shared by the whole process, so that no place where an error is read can lack it.
 * A key is found as it is, in the escapes of JSON and of URLs (also several times escaped), and inside base64 and base64url
 * at any of the three alignments, as in the credentials of Basic authentication or in a token. Only errors and headers are
 * searched; answers are not.
 *
 * <p>Texts shorter than {@value #SHORTEST} characters are not registered: they would be found in ordinary words.
 */
public final class SecretsInUse {
    /** How many characters a key must have to be searched for. */
    public static final int SHORTEST = 8;

    /** What takes the place of a key. */
    public static final String HIDDEN = "[redacted]";

    private static final SecretIndex INDEX = new SecretIndex();

    private SecretsInUse() {}

    /** Keys that are searched for until this is closed. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        /** No keys. */
        Registration NONE = () -> {};

        @Override
        void close();
    }

    /**
     * Adds keys. A key that is registered several times is searched for until each registration is closed.
     *
     * @param secrets the keys; those that are too short are ignored
     */
    public static Registration register(Collection<String> secrets) {
        List<String> forms = new ArrayList<>();
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST) {
                forms.addAll(SecretForms.of(secret));
            }
        }
        if (forms.isEmpty()) {
            return Registration.NONE;
        }
        forms.forEach(INDEX::add);
        return new OpenRegistration(forms);
    }

    /** Removes the keys once, however often it is closed. */
    private static final class OpenRegistration implements Registration {
        private List<String> forms;

        OpenRegistration(List<String> forms) {
            this.forms = forms;
        }

        @Override
        public synchronized void close() {
            forms.forEach(INDEX::remove);
            forms = List.of();
        }
    }

    /** The text without the keys; the same text if it has none. */
    public static String redact(String text) {
        return redact(text, false);
    }

    /** @param cut whether the text may have been cut, so that it may end with a part of a key */
    static String redact(String text, boolean cut) {
        boolean clean = INDEX.isEmpty() || text.length() < SHORTEST || (!cut && !INDEX.mayBeIn(text));
        return clean ? text : new SecretSearch(INDEX, text, cut).redacted();
    }

    /**
     * A text of any length without the keys, and without anything that looks like a credential.
     *
     * @param cut whether the text may have been cut, so that it may end with a part of a key
     */
    public static String redactCredentials(String text, boolean cut) {
        return ErrorTextSanitizer.withoutLikelyKeys(redact(text, cut));
    }

    /** The body of a response without the keys, whatever its form; the same array if it has none. */
    public static byte[] redact(byte[] body) {
        // Keys are ASCII, and this encoding keeps every byte.
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String redacted = redact(text);
        // A text without keys is returned as the same object.
        return redacted.equals(text) ? body : redacted.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether a text contains one of the keys. */
    public static boolean areIn(String text) {
        return !redact(text).equals(text);
    }

    /** The failure without the keys, for descriptions that were not read by {@link Classifier}. */
    public static Failure redact(Failure failure) {
        ErrorDetails details = failure.details();
        ErrorDetails redacted = new ErrorDetails(
                redact(details.message()), redact(details.type()), redact(details.param()), redact(details.code()));
        return redacted.equals(details)
                ? failure
                : new Failure(
                        failure.kind(),
                        failure.concern(),
                        failure.status(),
                        redacted,
                        failure.retryAfter(),
                        failure.hasDeliverableAnswer());
    }
}
