package dev.understudy.protocol.dialect;

import dev.understudy.engine.ErrorDetails;
import dev.understudy.engine.Failure;
import dev.understudy.engine.FailureKind;
import dev.understudy.protocol.json.BadRequest;
import java.util.OptionalLong;

/** A request that cannot be sent to a target without changing its meaning, so that another target has to be tried. */
public final class UntranslatableRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final String field;
    private final transient Failure failure;

    /**
     * A part of the request that the target's dialect cannot express.
     *
     * @param field the member of the request, in the caller's terms, such as {@code tools[0]}
     * @param why one short sentence for the caller
     */
    public UntranslatableRequest(String field, String why) {
        super(why, null, false, false);
        this.field = field;
        this.failure = new Failure(
                FailureKind.UNSUPPORTED,
                0,
                new ErrorDetails(field + ": " + why, "invalid_request_error", field, "unsupported"),
                OptionalLong.empty());
    }

    /** A request that cannot be read, and therefore not be translated. */
    public UntranslatableRequest(BadRequest unreadable) {
        super(unreadable.getMessage(), null, false, false);
        this.field = unreadable.details().param();
        this.failure =
                new Failure(FailureKind.BAD_REQUEST, unreadable.status(), unreadable.details(), OptionalLong.empty());
    }

    /** The member of the request that is at fault; empty if it is the whole request. */
    public String field() {
        return field;
    }

    /** What the engine receives as the attempt's failure. */
    public Failure failure() {
        return failure;
    }
}
