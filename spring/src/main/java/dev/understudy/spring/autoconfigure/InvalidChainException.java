package dev.understudy.spring.autoconfigure;

/** {@code understudy.chain} cannot be used as it is. The application does not start; {@link InvalidChainAnalyzer} shows why. */
public final class InvalidChainException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String remedy;

    InvalidChainException(String problem, String remedy) {
        super(problem);
        this.remedy = remedy;
    }

    /** What to do. */
    public String remedy() {
        return remedy;
    }
}
