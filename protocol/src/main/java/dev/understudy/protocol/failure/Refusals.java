package dev.understudy.protocol.failure;

import dev.understudy.engine.Concern;
import dev.understudy.engine.FailureKind;
import java.util.Optional;

/**
 * Says of a provider that refuses whom it refuses: the key, or this request only.
 *
 * <p>It is the key where a name or a sentence says so plainly, and perhaps the key where 401 is all that was said. A 403
 * is about a model, a region, a permission, the input, or a firewall's taste: the key is as good as before.
 */
final class Refusals {

    private Refusals() {}

    /** What the sentences of a 401, a 403, a 400, or an error without a status say of the key. */
    static Optional<Finding> spoken(int status, ErrorBody error, String stated) {
        if (isUnauthorized(status)) {
            return Optional.of(unauthorized(error, stated));
        }
        boolean asked = status == 0 || status == 400 || status == 403;
        if (asked && TellingPhrases.UNUSABLE_KEY.in(stated)) {
            return Optional.of(new Finding(FailureKind.AUTH, Concern.CREDENTIAL));
        }
        if (status == 0 && TellingPhrases.UNAUTHORIZED.in(stated)) {
            return Optional.of(Finding.of(FailureKind.AUTH));
        }
        return Optional.empty();
    }

    private static boolean isUnauthorized(int status) {
        return status == 401 || status == 407;
    }

    private static Finding unauthorized(ErrorBody error, String stated) {
        if (KnownNames.sayThatTheKeyIsUnusable(error.names())
                || TellingPhrases.UNUSABLE_KEY.in(stated)
                || TellingPhrases.UNUSABLE_KEY_UNDER_401.in(stated)) {
            return new Finding(FailureKind.AUTH, Concern.CREDENTIAL);
        }
        boolean otherwiseFine = KnownNames.nameAModel(error.names())
                || error.names().contains("key_model_access_denied")
                || TellingPhrases.UNKNOWN_MODEL.in(error.text())
                || TellingPhrases.PERMISSION.in(error.text());
        return otherwiseFine ? Finding.ofThisRequest(FailureKind.AUTH) : Finding.of(FailureKind.AUTH);
    }

    /** What the error's names say, where they are those of a refusal. */
    static Finding named(int status, FailureKind kind, ErrorBody error) {
        if (isUnauthorized(status)) {
            return unauthorized(error, "");
        }
        if (kind == FailureKind.AUTH) {
            return KnownNames.sayThatTheKeyIsUnusable(error.names())
                    ? new Finding(FailureKind.AUTH, Concern.CREDENTIAL)
                    : Finding.of(FailureKind.AUTH);
        }
        return Finding.ofThisRequest(kind);
    }
}
