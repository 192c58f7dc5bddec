package dev.understudy.protocol.failure;

import dev.understudy.engine.FailureKind;
import java.util.Optional;

/** Recognises failures of this request at this model: other requests may succeed there, and this one elsewhere. */
final class RequestFaultClassifier {

    private RequestFaultClassifier() {}

    /** The provider could not parse its own model's output. */
    static boolean isTheModelsOwn(int status, ErrorBody error) {
        boolean possible = status == 0 || status == 400 || status == 422 || status == 424 || status >= 500;
        return possible
                && (ErrorCodes.kind(error.names()).equals(Optional.of(FailureKind.INVALID_OUTPUT))
                        || ErrorMessagePatterns.INVALID_OUTPUT.in(error.text()));
    }

    /** An item, a file, an earlier response, a tool's server: model and path exist, but what the request names does not. */
    static boolean refersToWhatIsMissing(int status, ErrorBody error) {
        boolean notFound = status == 0 || status == 404 || status == 410;
        boolean depends = status == 0 || status == 424;
        if (depends && ErrorMessagePatterns.FOREIGN_SERVER.in(error.text())) {
            return true;
        }
        return notFound
                && ErrorMessagePatterns.MISSING_ITEM.in(error.text())
                && !ErrorMessagePatterns.UNKNOWN_MODEL.in(error.text())
                && !ErrorCodes.nameAModel(error.names());
    }

    /** What the message about a refused or rejected request says. */
    static Optional<Classification> spoken(int status, ErrorBody error, String stated) {
        return kind(status, error.text()).map(kind -> switch (kind) {
            case UNKNOWN_MODEL -> unknownModel(status, error, stated);
            case FORBIDDEN -> Classification.ofThisRequest(kind);
            default -> Classification.of(kind);
        });
    }

    private static Optional<FailureKind> kind(int status, String text) {
        boolean refused = status == 401 || status == 403;
        boolean rejected = status == 0 || status == 400 || status == 415 || status == 422;
        if (status == 404 && ErrorMessagePatterns.NO_ENDPOINT_SUPPORTS.in(text)) {
            return Optional.of(FailureKind.UNSUPPORTED);
        } else if ((rejected || refused || status == 451) && ErrorMessagePatterns.CONTENT_POLICY.in(text)) {
            return Optional.of(FailureKind.CONTENT_POLICY);
        } else if (rejected && ErrorMessagePatterns.CONTEXT_LENGTH.in(text)) {
            return Optional.of(FailureKind.CONTEXT_LENGTH);
        } else if (rejected && ErrorMessagePatterns.REGION.in(text)) {
            return Optional.of(FailureKind.FORBIDDEN);
        } else if ((rejected || refused) && ErrorMessagePatterns.UNKNOWN_MODEL.in(text)) {
            return Optional.of(FailureKind.UNKNOWN_MODEL);
        } else if (rejected && ErrorMessagePatterns.UNSUPPORTED.in(text)) {
            return Optional.of(FailureKind.UNSUPPORTED);
        }
        return Optional.empty();
    }

    /** A model that is refused to one request may exist for others: only a 404 says that there is none. */
    static Classification unknownModel(int status, ErrorBody error, String stated) {
        return switch (status) {
            case 401 ->
                RefusalClassifier.spoken(status, error, stated).orElseGet(() -> Classification.of(FailureKind.AUTH));
            case 403 -> Classification.ofThisRequest(FailureKind.FORBIDDEN);
            case 400, 402, 415, 422 -> Classification.ofThisRequest(FailureKind.UNKNOWN_MODEL);
            default -> Classification.of(FailureKind.UNKNOWN_MODEL);
        };
    }

    /** Whether the codes of an error without a status belong to those for invalid requests. */
    static boolean areNamed(ErrorBody error) {
        return error.names().stream()
                .anyMatch(name -> name.contains("invalid_request")
                        || name.contains("invalid_argument")
                        || name.contains("badrequest")
                        || name.contains("bad_request")
                        || name.contains("validation"));
    }
}
