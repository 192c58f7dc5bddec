package dev.understudy.protocol.failure;

import dev.understudy.engine.Concern;
import dev.understudy.engine.FailureKind;

/** What an error means: its kind, and what it concerns. */
record Classification(FailureKind kind, Concern concern) {

    /** Of this kind, with the kind's usual concern. */
    static Classification of(FailureKind kind) {
        return new Classification(kind, kind.disposition().concern());
    }

    /** Of this kind, but concerning this request alone: another request may succeed at the same target. */
    static Classification ofThisRequest(FailureKind kind) {
        return new Classification(kind, Concern.REQUEST);
    }

    /**
     * The same, as an error of a provider behind the one that answered: its account is not the one to which the credential
     * belongs, so at most the target is concerned.
     */
    Classification relayed() {
        return switch (concern) {
            case CREDENTIAL, CREDENTIAL_SUSPECTED, PROVIDER -> new Classification(kind, Concern.TARGET);
            case REQUEST, TARGET -> this;
        };
    }
}
