package dev.understudy.testing.faults;

import dev.understudy.engine.FailureKind;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One failure of an upstream before any byte of its answer has reached the caller.
 *
 * @param name what the upstream does
 * @param delivery the deliveries in which it can happen
 * @param kind what it counts as
 * @param status the HTTP status in the trail; 0 if none came
 * @param script makes an upstream do it, always
 * @param limits the limit that ends it, if one does
 * @param tls whether it is reached with TLS
 * @param code the error's code that callers read; the kind's name where the provider gave none
 * @param promise what follows
 * @param everywhere how many attempts a chain of three takes on which everybody fails so
 */
public record Fault(
        String name,
        Moment moment,
        Set<Delivery> delivery,
        FailureKind kind,
        int status,
        Consumer<ScriptedUpstream> script,
        Limits limits,
        boolean tls,
        String code,
        Promise promise,
        int everywhere) {

    /** A fault that is the same for both kinds of callers. */
    public static Fault of(String name, FailureKind kind, Consumer<ScriptedUpstream> script) {
        Promise promise = Promise.of(kind);
        return new Fault(
                name,
                Moment.BEFORE_FIRST_BYTE,
                EnumSet.allOf(Delivery.class),
                kind,
                0,
                script,
                Limits.NONE,
                false,
                kind.wireName(),
                promise,
                // A target without capacity is tried once more when no other is left.
                promise.reach() * promise.attempts() + (kind == FailureKind.OVERLOADED ? 1 : 0));
    }

    /** A fault that is the same answer to every request. */
    public static Fault of(String name, FailureKind kind, Reply reply) {
        return of(name, kind, upstream -> upstream.answerAlways(reply));
    }

    /** An error with this status, in the provider's words. */
    public static Fault status(String name, FailureKind kind, int status, String body, String... headerLines) {
        return of(name, kind, Reply.json(status, body, headerLines)).withStatus(status);
    }

    public Fault at(Moment when) {
        return new Fault(name, when, delivery, kind, status, script, limits, tls, code, promise, everywhere);
    }

    public Fault only(Delivery by) {
        return new Fault(name, moment, EnumSet.of(by), kind, status, script, limits, tls, code, promise, everywhere);
    }

    public Fault withStatus(int number) {
        return new Fault(name, moment, delivery, kind, number, script, limits, tls, code, promise, everywhere);
    }

    public Fault endedBy(Limits limit) {
        return new Fault(name, moment, delivery, kind, status, script, limit, tls, code, promise, everywhere);
    }

    public Fault withTls() {
        return new Fault(name, moment, delivery, kind, status, script, limits, true, code, promise, everywhere);
    }

    /** The provider's own code, which callers read in place of the kind's name. */
    public Fault withCode(String said) {
        return new Fault(name, moment, delivery, kind, status, script, limits, tls, said, promise, everywhere);
    }

    /** Another number of attempts than is usual for its kind: the provider said when to come again. */
    public Fault withAttempts(int atEach, int inAll) {
        Promise other = new Promise(atEach, promise.reach(), promise.status());
        return new Fault(name, moment, delivery, kind, status, script, limits, tls, code, other, inAll);
    }

    /** Another final status than is usual for its kind. */
    public Fault endsWith(int seen) {
        Promise other = new Promise(promise.attempts(), promise.reach(), seen);
        return new Fault(name, moment, delivery, kind, status, script, limits, tls, code, other, everywhere);
    }

    /** Whether the connection fails before a request can be read from it. */
    public boolean readsNoRequest() {
        return moment == Moment.BEFORE_CONNECTION;
    }

    @Override
    public String toString() {
        return name;
    }
}
