package dev.understudy.protocol.recovery;

import com.github.benmanes.caffeine.cache.Cache;
import dev.understudy.protocol.BoundedCaches;
import dev.understudy.protocol.model.ModelTable;

/**
 * Which form of a continuation each target accepts: that of its provider in the model table, until the target rejects it.
 *
 * <p>The table lists providers and not models: a list of models would be out of date within a month. A target that rejects
 * a form gets a user message
 * from then on, which every chat model accepts; finding that out costs one rejected request. What was learned lives as long
 * as the process, for the targets that are used.
 *
 * <p>Safe for use by many threads.
 */
public final class ContinuationForms {
    /** More targets than a configuration has; callers may name models that do not exist. */
    private static final int MAX_TARGETS = 10_000;

    /** The targets that rejected another form. */
    private final Cache<String, ContinuationForm> turnsOnly = BoundedCaches.ofSize(MAX_TARGETS);

    /** The form for a target, named {@code provider/model}. */
    public ContinuationForm formFor(String target) {
        ContinuationForm learned = turnsOnly.getIfPresent(target);
        return learned == null ? usual(target) : learned;
    }

    /** The form that the model table states for the provider. */
    private static ContinuationForm usual(String target) {
        int slash = target.indexOf('/');
        String provider = slash < 0 ? target : target.substring(0, slash);
        return ContinuationForm.named(ModelTable.continuationOf(provider));
    }

    /** A target rejected a continuation of that form as a bad request: from now on it gets a user's turn. */
    public void refused(String target, ContinuationForm form) {
        if (form != ContinuationForm.TURN) {
            turnsOnly.put(target, ContinuationForm.TURN);
        }
    }

    /** Whether a target that rejected that form would now get another one, and so may be tried again. */
    public boolean anotherForm(String target, ContinuationForm refused) {
        return formFor(target) != refused;
    }
}
