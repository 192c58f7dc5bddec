package dev.understudy.engine;

import dev.understudy.engine.Disposition.Scope;

/**
 * Names a circuit breaker.
 *
 * @param scope whose health it keeps
 * @param credential which key's, by its opaque name; empty for what all keys share
 * @param name {@code provider/model} of a target, the site of a provider; empty for a credential
 */
public record CircuitId(Scope scope, String credential, String name) {

    static CircuitId of(Scope scope, Target target) {
        return switch (scope) {
            // What happens with a caller's own key says nothing to others, not even of a connection.
            case PROVIDER -> new CircuitId(scope, target.callersKey() ? target.credential() : "", target.site());
            case CREDENTIAL -> new CircuitId(scope, target.credential(), "");
            case TARGET -> new CircuitId(scope, target.credential(), target.name());
        };
    }

    /** Whether what happens to a target concerns this circuit. */
    boolean concerns(Target target) {
        return equals(of(scope, target));
    }
}
