package dev.understudy.protocol.failure;

import dev.understudy.engine.Concern;
import dev.understudy.engine.FailureKind;
import java.util.Optional;

/**
 * Classifies refusals: whether the key is refused, or this request only.
 *
 * <p>It is the key where a code or a message says so plainly, and a suspicion against the key where there is only a 401. A 403
 * concerns a model, a region, a permission, the input, or a firewall: the key stays usable.
 */
final class RefusalClassifier {

    private RefusalClassifier() {}

    /** What the messages of a 401, a 403, a 400, or an error without a status say about the key. */
    static Optional<Classification> spoken(int status, ErrorBody error, String stated) {
        if (isUnauthorized(status)) {
            return Optional.of(unauthorized(error, stated));
        }
        boolean asked = status == 0 || status == 400 || status == 403;
        if (asked && ErrorMessagePatterns.UNUSABLE_KEY.in(stated)) {
            return Optional.of(new Classification(FailureKind.AUTH, Concern.CREDENTIAL));
        }
        if (status == 0 && ErrorMessagePatterns.UNAUTHORIZED.in(stated)) {
            return Optional.of(Classification.of(FailureKind.AUTH));
        }
        return Optional.empty();
    }

    private static boolean isUnauthorized(int status) {
        return status == 401 || status == 407;
    }

    private static Classification unauthorized(ErrorBody error, String stated) {
        if (ErrorCodes.sayThatTheKeyIsUnusable(error.names())
                || ErrorMessagePatterns.UNUSABLE_KEY.in(stated)
                || ErrorMessagePatterns.UNUSABLE_KEY_UNDER_401.in(stated)) {
            return new Classification(FailureKind.AUTH, Concern.CREDENTIAL);
        }
        boolean otherwiseFine = ErrorCodes.nameAModel(error.names())
                || error.names().contains("key_model_access_denied")
                || ErrorMessagePatterns.UNKNOWN_MODEL.in(error.text())
                || ErrorMessagePatterns.PERMISSION.in(error.text());
        return otherwiseFine ? Classification.ofThisRequest(FailureKind.AUTH) : Classification.of(FailureKind.AUTH);
    }

    /** What the error's codes say, where they are those of a refusal. */
    static Classification named(int status, FailureKind kind, ErrorBody error) {
        if (isUnauthorized(status)) {
            return unauthorized(error, "");
        }
        if (kind == FailureKind.AUTH) {
            return ErrorCodes.sayThatTheKeyIsUnusable(error.names())
                    ? new Classification(FailureKind.AUTH, Concern.CREDENTIAL)
                    : Classification.of(FailureKind.AUTH);
        }
        return Classification.ofThisRequest(kind);
    }
}
