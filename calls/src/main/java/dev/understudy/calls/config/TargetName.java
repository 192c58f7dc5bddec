package dev.understudy.calls.config;

import java.util.Optional;

/**
 * The two halves of {@code provider/model}.
 *
 * @param provider up to the first slash
 * @param model all that follows, which may have slashes of its own
 */
public record TargetName(String provider, String model) {

    /** Callers write names, and names are remembered and stand in headers: no real one is longer. */
    private static final int LONGEST = 500;

    /** The halves of a text, or nothing if it has no slash, an empty half, or what no name has. */
    public static Optional<TargetName> parse(String text) {
        int slash = text.indexOf('/');
        boolean isWhole = slash > 0 && slash < text.length() - 1;
        if (!isWhole || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl)) {
            return Optional.empty();
        }
        return Optional.of(new TargetName(text.substring(0, slash), text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
