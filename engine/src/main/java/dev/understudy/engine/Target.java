package dev.understudy.engine;

/**
 * One model at one provider, reached with one credential.
 *
 * @param provider the provider's name in the configuration
 * @param model the model's name as the provider knows it
 * @param credential an opaque name for the key in use, never the key itself; targets that share it share its health
 * @param site where it is reached; targets that share it are unreachable together
 * @param callersKey whether a caller brought the key: what happens with it says nothing to calls with other keys
 */
public record Target(String provider, String model, String credential, String site, boolean callersKey) {

    public Target(String provider, String model, String credential, String site) {
        this(provider, model, credential, site, false);
    }

    /** A target that is reached at its provider's only site with its only credential. */
    public static Target of(String provider, String model) {
        return new Target(provider, model, provider, provider);
    }

    /** The name that people write and read: {@code provider/model}. */
    public String name() {
        return provider + "/" + model;
    }

    /**
     * Written out, like {@link #hashCode}, because targets are the keys of maps that every call uses: those of a record are
     * slower.
     */
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Target that
                        && model.equals(that.model)
                        && provider.equals(that.provider)
                        && credential.equals(that.credential)
                        && site.equals(that.site)
                        && callersKey == that.callersKey);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * model.hashCode() + provider.hashCode()) + credential.hashCode();
    }

    @Override
    public String toString() {
        return name();
    }
}
