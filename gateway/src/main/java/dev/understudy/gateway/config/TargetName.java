package dev.understudy.gateway.config;

import java.util.Optional;

/**
 * The two halves of {@code provider/model}.
 *
 * @param provider up to the first slash
 * @param model all that follows, which may have slashes of its own
 */
public record TargetName(String provider, String model) {

    /** The halves of a text, or nothing if it has no slash or an empty half. */
    public static Optional<TargetName> parse(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            return Optional.empty();
        }
        return Optional.of(new TargetName(text.substring(0, slash), text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
