package dev.understudy.engine;

/**
 * Whom a failure concerns, and so which other calls it says something about. Health is shared between callers, so one
 * caller's request must not cost the others a healthy target: what is not certain concerns less.
 */
public enum Concern {
    /** This request at this model, or no fault at all: no circuit opens, no retry is spent. */
    REQUEST,
    /** One model at one provider with one key. */
    TARGET,
    /** Perhaps the key: a refusal that does not say why. It is believed of the key when a second model says so too. */
    CREDENTIAL_SUSPECTED,
    /** The key: the provider says so plainly. */
    CREDENTIAL,
    /** Where the provider is reached: all its models, whichever the key. */
    PROVIDER
}
