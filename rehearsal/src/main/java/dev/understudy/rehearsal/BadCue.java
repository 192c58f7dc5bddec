package dev.understudy.rehearsal;

/** A request for an act or a parameter that does not exist; answered with a 400. */
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
