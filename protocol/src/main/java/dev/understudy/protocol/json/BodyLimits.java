package dev.understudy.protocol.json;

/**
 * What a body may measure.
 *
 * @param bytes the longest body that is read
 * @param depth how deep objects and arrays may lie in each other; deeper ones cost providers their stack
 */
public record BodyLimits(int bytes, int depth) {
    private static final BodyLimits DEFAULTS = new BodyLimits(100 << 20, 256);

    public BodyLimits {
        if (bytes <= 0 || depth <= 0) {
            throw new IllegalArgumentException("limits must be above 0");
        }
    }

    /** The usual depth, with a size of one's own. */
    public static BodyLimits ofSize(int bytes) {
        return new BodyLimits(bytes, DEFAULTS.depth());
    }

    /** 100 MiB and 256 levels. A server sets its own size. */
    public static BodyLimits ofDefaults() {
        return DEFAULTS;
    }
}
