package dev.understudy.spring.autoconfigure;

import dev.understudy.protocol.options.WhenLate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

/**
 * The properties {@code understudy.*}. Names, meanings and defaults are those of the gateway's configuration.
 *
 * <p>A property that does not exist is an error, so that a misspelt one is not without effect.
 */
@ConfigurationProperties(prefix = UnderstudyProperties.PREFIX, ignoreUnknownFields = false)
public final class UnderstudyProperties implements Validator {
    static final String PREFIX = "understudy";

    /** Whether the chain is used. The application's chat models stay as they are if it is not. */
    private boolean enabled = true;

    /**
     * The chat models in the order in which they are tried, the primary first. Each is the name of a bean, the name of a bean
     * and a model of its provider (bean/model), or the name of the model that a bean is configured with.
     */
    private List<String> chain = List.of();

    /** Whether the fallback model is injected where a ChatModel is wanted and none is named. */
    private boolean primary = true;

    /**
     * Time in which attempts may begin. If it is set, it also ends attempts that have brought no content by then. By default
     * attempts begin within 45s (3m where a model reasons first), and no attempt is ended.
     */
    private @Nullable Duration deadline;

    /** Longest time that a call may take, whatever happens. Of a stream it counts anew with each piece of content. */
    private Duration cap = Duration.ofMinutes(10);

    private final Timeouts timeouts = new Timeouts();

    private final Retry retry = new Retry();

    private final Cooldown cooldown = new Cooldown();

    private final Hedging hedging = new Hedging();

    private final Accept accept = new Accept();

    /** Failures that continue the chain although they usually end it: content-policy. */
    private Set<String> fallbackOn = Set.of();

    /**
     * What holds for one model of the chain, by its name in the chain. A name with other characters than letters, digits and
     * hyphens is written in brackets.
     */
    private Map<String, Target> targets = new LinkedHashMap<>();

    public boolean isEnabled() {
        return enabled;
    }

    public void setEnabled(boolean value) {
        enabled = value;
    }

    public List<String> getChain() {
        return chain;
    }

    public void setChain(List<String> value) {
        chain = value;
    }

    public boolean isPrimary() {
        return primary;
    }

    public void setPrimary(boolean value) {
        primary = value;
    }

    public @Nullable Duration getDeadline() {
        return deadline;
    }

    public void setDeadline(@Nullable Duration value) {
        deadline = value;
    }

    public Duration getCap() {
        return cap;
    }

    public void setCap(Duration value) {
        cap = value;
    }

    public Timeouts getTimeouts() {
        return timeouts;
    }

    public Retry getRetry() {
        return retry;
    }

    public Cooldown getCooldown() {
        return cooldown;
    }

    public Hedging getHedging() {
        return hedging;
    }

    public Accept getAccept() {
        return accept;
    }

    public Set<String> getFallbackOn() {
        return fallbackOn;
    }

    public void setFallbackOn(Set<String> value) {
        fallbackOn = value;
    }

    public Map<String, Target> getTargets() {
        return targets;
    }

    public void setTargets(Map<String, Target> value) {
        targets = value;
    }

    @Override
    public boolean supports(Class<?> type) {
        return type == UnderstudyProperties.class;
    }

    /** Checks the values; Spring Boot calls it and reports all problems at once, with the place of each. */
    @Override
    public void validate(Object target, Errors errors) {
        new PropertyChecks(errors).check((UnderstudyProperties) target);
    }

    /** When an attempt is late. A late mark starts the next model beside the late attempt, and cancels nothing. */
    public static final class Timeouts {
        /** Late mark until the first content of a stream. */
        private Duration firstToken = Duration.ofSeconds(10);

        /** Late mark between two pieces of content of a stream. */
        private Duration idle = Duration.ofSeconds(10);

        /** Late mark of an answer that is not streamed. By default three times first-token if that is set, otherwise 20s. */
        private @Nullable Duration answer;

        /** Late mark of models that reason before they answer. By default 60s, and no sooner than the other late marks. */
        private @Nullable Duration reasoning;

        /** What happens to a late attempt: hedge starts the next model beside it, cancel ends it. */
        private WhenLate whenLate = WhenLate.HEDGE;

        public Duration getFirstToken() {
            return firstToken;
        }

        public void setFirstToken(Duration value) {
            firstToken = value;
        }

        public Duration getIdle() {
            return idle;
        }

        public void setIdle(Duration value) {
            idle = value;
        }

        public @Nullable Duration getAnswer() {
            return answer;
        }

        public void setAnswer(@Nullable Duration value) {
            answer = value;
        }

        public @Nullable Duration getReasoning() {
            return reasoning;
        }

        public void setReasoning(@Nullable Duration value) {
            reasoning = value;
        }

        public WhenLate getWhenLate() {
            return whenLate;
        }

        public void setWhenLate(WhenLate value) {
            whenLate = value;
        }
    }

    /** When the same model is tried again within a call. */
    public static final class Retry {
        /**
         * How many more times the same model is tried. By default once, and the last model of the chain for as long as the
         * deadline and the budget last.
         */
        private @Nullable Integer attempts;

        /** Upper bound of the first backoff. */
        private Duration base = Duration.ofMillis(250);

        /** Upper bound of every backoff. */
        private Duration cap = Duration.ofSeconds(4);

        /** Longest wait that a provider's own hint may impose on a call. */
        private Duration patience = Duration.ofSeconds(3);

        /** How many retries per success are sustainable. */
        private Percentage budget = new Percentage(0.1);

        public @Nullable Integer getAttempts() {
            return attempts;
        }

        public void setAttempts(@Nullable Integer value) {
            attempts = value;
        }

        public Duration getBase() {
            return base;
        }

        public void setBase(Duration value) {
            base = value;
        }

        public Duration getCap() {
            return cap;
        }

        public void setCap(Duration value) {
            cap = value;
        }

        public Duration getPatience() {
            return patience;
        }

        public void setPatience(Duration value) {
            patience = value;
        }

        public Percentage getBudget() {
            return budget;
        }

        public void setBudget(Percentage value) {
            budget = value;
        }
    }

    /** When a model is skipped after failures. */
    public static final class Cooldown {
        /** How many failures in a row open the circuit of a model. */
        private int after = 3;

        /** Share of successes, of late, below which the circuit opens though no failures come in a row; 0% for never. */
        private Percentage successRate = new Percentage(0.5);

        /** First cooldown. */
        private Duration base = Duration.ofSeconds(5);

        /** Longest cooldown of a model that fails by silence. */
        private Duration cap = Duration.ofSeconds(60);

        /** Longest cooldown of a model that fails quickly. By default 15s, or cap if that is shorter. */
        private @Nullable Duration quickCap;

        /** Cooldown of a key that is refused or has no money left. */
        private Duration credential = Duration.ofMinutes(5);

        /** Longest cooldown that a provider's own hint may impose, unless it is about the account. */
        private Duration hintCap = Duration.ofMinutes(5);

        public int getAfter() {
            return after;
        }

        public void setAfter(int value) {
            after = value;
        }

        public Percentage getSuccessRate() {
            return successRate;
        }

        public void setSuccessRate(Percentage value) {
            successRate = value;
        }

        public Duration getBase() {
            return base;
        }

        public void setBase(Duration value) {
            base = value;
        }

        public Duration getCap() {
            return cap;
        }

        public void setCap(Duration value) {
            cap = value;
        }

        public @Nullable Duration getQuickCap() {
            return quickCap;
        }

        public void setQuickCap(@Nullable Duration value) {
            quickCap = value;
        }

        public Duration getCredential() {
            return credential;
        }

        public void setCredential(Duration value) {
            credential = value;
        }

        public Duration getHintCap() {
            return hintCap;
        }

        public void setHintCap(Duration value) {
            hintCap = value;
        }
    }

    /** Second attempts beside late ones. */
    public static final class Hedging {
        /** Whether the next model may be started beside a late attempt. */
        private boolean enabled = true;

        /** Share of the calls that may be hedged in the long run. */
        private Percentage budget = new Percentage(0.1);

        public boolean isEnabled() {
            return enabled;
        }

        public void setEnabled(boolean value) {
            enabled = value;
        }

        public Percentage getBudget() {
            return budget;
        }

        public void setBudget(Percentage value) {
            budget = value;
        }
    }

    /** Which answers are accepted. */
    public static final class Accept {
        /** Whether a blank answer is accepted; otherwise the next model is tried. */
        private boolean empty = false;

        public boolean isEmpty() {
            return empty;
        }

        public void setEmpty(boolean value) {
            empty = value;
        }
    }

    /** What holds for one model of the chain. */
    public static final class Target {
        /** Limit after which an attempt at this model is cancelled. None by default. */
        private @Nullable Duration timeout;

        /** Whether the model reasons before it answers, so that it is late later. */
        private boolean reasons = false;

        /**
         * Context window of the model in tokens. A prompt that was too long for another model is not sent to one that is no
         * larger.
         */
        private @Nullable Integer contextWindow;

        public @Nullable Duration getTimeout() {
            return timeout;
        }

        public void setTimeout(@Nullable Duration value) {
            timeout = value;
        }

        public boolean isReasons() {
            return reasons;
        }

        public void setReasons(boolean value) {
            reasons = value;
        }

        public @Nullable Integer getContextWindow() {
            return contextWindow;
        }

        public void setContextWindow(@Nullable Integer value) {
            contextWindow = value;
        }
    }
}
