package dev.understudy.spring.autoconfigure;

import dev.understudy.protocol.options.FallbackOnValues;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Cooldown;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Retry;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Target;
import dev.understudy.spring.autoconfigure.UnderstudyProperties.Timeouts;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Errors;

/** Checks {@code understudy.*}. A message says what is wrong and what to do; Spring Boot adds the property and its place. */
final class PropertyChecks {
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int MOST_RETRIES = 10;
    private static final int MOST_FAILURES = 1_000;

    private final Errors errors;

    PropertyChecks(Errors errors) {
        this.errors = errors;
    }

    void check(UnderstudyProperties properties) {
        checkChain(properties.getChain());
        positive("deadline", properties.getDeadline());
        positive("cap", properties.getCap());
        check(properties.getTimeouts());
        check(properties.getRetry());
        check(properties.getCooldown());
        for (String kind : properties.getFallbackOn()) {
            checkFallbackOn(kind);
        }
        for (Map.Entry<String, Target> target : properties.getTargets().entrySet()) {
            check(target.getKey(), target.getValue(), properties.getChain());
        }
    }

    private void checkChain(List<String> chain) {
        Set<String> seen = new HashSet<>();
        for (String name : chain) {
            if (name.isBlank() || name.startsWith("/") || name.endsWith("/")) {
                reject(
                        "chain",
                        "\"" + name
                                + "\" is not the name of a chat model; write a bean's name, bean/model, or a model's name");
            } else if (!seen.add(name)) {
                reject("chain", name + " stands in the chain twice; keep the first");
            }
        }
    }

    private void check(Timeouts timeouts) {
        positive("timeouts.firstToken", timeouts.getFirstToken());
        positive("timeouts.idle", timeouts.getIdle());
        positive("timeouts.answer", timeouts.getAnswer());
        positive("timeouts.reasoning", timeouts.getReasoning());
    }

    private void check(Retry retry) {
        Integer attempts = retry.getAttempts();
        if (attempts != null && (attempts < 0 || attempts > MOST_RETRIES)) {
            reject("retry.attempts", "must be from 0 (no retries of the same model) to " + MOST_RETRIES);
        }
        notNegative("retry.base", retry.getBase());
        notNegative("retry.cap", retry.getCap());
        notNegative("retry.patience", retry.getPatience());
        inOrder("retry.cap", "base", retry.getBase(), "cap", retry.getCap());
    }

    private void check(Cooldown cooldown) {
        if (cooldown.getAfter() < 1 || cooldown.getAfter() > MOST_FAILURES) {
            reject("cooldown.after", "must be from 1 (skip a model after its first failure) to " + MOST_FAILURES);
        }
        positive("cooldown.base", cooldown.getBase());
        positive("cooldown.cap", cooldown.getCap());
        positive("cooldown.credential", cooldown.getCredential());
        positive("cooldown.hintCap", cooldown.getHintCap());
        inOrder("cooldown.cap", "base", cooldown.getBase(), "cap", cooldown.getCap());
        Duration quickCap = cooldown.getQuickCap();
        if (quickCap != null) {
            positive("cooldown.quickCap", quickCap);
            inOrder("cooldown.quickCap", "base", cooldown.getBase(), "quick-cap", quickCap);
            inOrder("cooldown.quickCap", "quick-cap", quickCap, "cap", cooldown.getCap());
        }
    }

    private void checkFallbackOn(String kind) {
        try {
            FallbackOnValues.parse(kind);
        } catch (IllegalArgumentException unknown) {
            reject("fallbackOn", "\"" + kind + "\" " + unknown.getMessage());
        }
    }

    private void check(String name, Target target, List<String> chain) {
        String path = "targets[" + name + "]";
        if (!chain.isEmpty() && !chain.contains(name)) {
            reject(
                    "targets",
                    name + " is not in the chain " + chain
                            + "; write the name as it stands there, in brackets if it has capitals or other signs");
        }
        positive(path + ".timeout", target.getTimeout());
        Integer contextWindow = target.getContextWindow();
        if (contextWindow != null && contextWindow < 1) {
            reject(path + ".contextWindow", "must be a number of tokens; leave it out if it is not known");
        }
    }

    private void positive(String field, @Nullable Duration time) {
        if (time == null) {
            return;
        }
        if (time.isZero() || time.isNegative()) {
            reject(field, "must be longer than zero, such as 10s");
        } else {
            notTooLong(field, time);
        }
    }

    private void notNegative(String field, Duration time) {
        if (time.isNegative()) {
            reject(field, "must not be negative; 0s is the shortest");
        } else {
            notTooLong(field, time);
        }
    }

    private void notTooLong(String field, Duration time) {
        if (time.compareTo(LONGEST) > 0) {
            reject(field, "must not be longer than seven days");
        }
    }

    private void inOrder(String field, String shorter, Duration less, String longer, Duration more) {
        if (less.compareTo(more) > 0) {
            reject(
                    field,
                    shorter + " (" + less.toMillis() + "ms) is longer than " + longer + " (" + more.toMillis()
                            + "ms); raise " + longer + " or lower " + shorter);
        }
    }

    private void reject(String field, String message) {
        errors.rejectValue(field, "understudy", message);
    }
}
