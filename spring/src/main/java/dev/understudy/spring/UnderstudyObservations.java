package dev.understudy.spring;

/**
 * Names of the Micrometer observations. With Spring Boot's Actuator each is a timer (a {@code .} becomes {@code _} in
 * Prometheus) and, with a tracer, a span; those of Spring AI's models are below that of their attempt.
 */
public final class UnderstudyObservations {
    /** One call of a {@link FallbackChatModel}, with {@link #TARGET}, {@link #OUTCOME}, {@link #FALLBACK} and {@link #STREAM}. */
    public static final String CALL = "understudy.call";
    /** One attempt at a model, with {@link #TARGET} and {@link #OUTCOME}. */
    public static final String ATTEMPT = "understudy.attempt";

    /** Key of low cardinality: the model's name in the chain; for a call, that of the one that answered, or {@code none}. */
    public static final String TARGET = "understudy.target";
    /** Key of low cardinality: {@code ok}, {@code cancelled}, or the kind of the failure, such as {@code rate_limited}. */
    public static final String OUTCOME = "understudy.outcome";
    /** Key of low cardinality: whether another model than the first answered. */
    public static final String FALLBACK = "understudy.fallback";
    /** Key of low cardinality: whether the answer is streamed. */
    public static final String STREAM = "understudy.stream";
    /** Key of high cardinality: the call's trail in one line. */
    public static final String TRAIL = "understudy.trail";

    private UnderstudyObservations() {}
}
