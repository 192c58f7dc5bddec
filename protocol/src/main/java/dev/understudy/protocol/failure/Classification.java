package dev.understudy.protocol.failure;

import dev.understudy.engine.Concern;
import dev.understudy.engine.FailureKind;

/** What an error means: its kind, and whom it concerns. */
record Classification(FailureKind kind, Concern concern) {

    /** Of this kind, and concerning whom the kind usually concerns. */
    static Classification of(FailureKind kind) {
        return new Classification(kind, kind.disposition().concern());
    }

    /** Of this kind, but nobody else's business: another request may fare better at the same target. */
    static Classification ofThisRequest(FailureKind kind) {
        return new Classification(kind, Concern.REQUEST);
    }

    /**
     * The same, if it was told of a provider behind the one that answered: its account is not the one that the credential
     * belongs to, so that no more than the target is concerned.
     */
    Classification relayed() {
        return switch (concern) {
            case CREDENTIAL, CREDENTIAL_SUSPECTED, PROVIDER -> new Classification(kind, Concern.TARGET);
            case REQUEST, TARGET -> this;
        };
    }
}
