package dev.understudy.rehearsal;

/** A request that asks the rehearsal for something that it does not know; answered with a 400. */
final class BadCue extends RuntimeException {

    private final String parameter;

    /**
     * @param parameter the member of the request's body that is to blame, such as {@code model}
     * @param message a sentence for the caller
     */
    BadCue(String parameter, String message) {
        super(message);
        this.parameter = parameter;
    }

    String parameter() {
        return parameter;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
