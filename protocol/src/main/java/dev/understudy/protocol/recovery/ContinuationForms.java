package dev.understudy.protocol.recovery;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which form of a continuation each target takes: as its provider is known to, until it refuses.
 *
 * <p>No list of models is kept that would be wrong in a month. A target that refuses a form is asked by way of a turn from
 * then on, which every chat model takes; the cost of finding out is one rejected request. What was found out is forgotten
 * with the process, and when it grows beyond bounds.
 *
 * <p>For all threads.
 */
public final class ContinuationForms {
    /** More targets than anybody has; callers may name models that do not exist. */
    private static final int MOST = 10_000;

    private final Set<String> turnsOnly = ConcurrentHashMap.newKeySet();

    /** The form in which to ask a target, named {@code provider/model}. */
    public ContinuationForm formFor(String target) {
        return turnsOnly.contains(target) ? ContinuationForm.TURN : usual(target);
    }

    /** By the provider's name: what its documentation says of assistant messages at the end. */
    private static ContinuationForm usual(String target) {
        int slash = target.indexOf('/');
        String provider = slash < 0 ? target : target.substring(0, slash);
        return switch (provider.toLowerCase(Locale.ROOT)) {
            // They answer such a message instead of completing it. DeepSeek completes it at its beta address only.
            case "openai", "azure", "xai", "deepseek" -> ContinuationForm.TURN;
            case "mistral" -> ContinuationForm.PREFIX;
            case "vllm" -> ContinuationForm.FINAL_MESSAGE;
            default -> ContinuationForm.PREFILL;
        };
    }

    /**
     * A target rejected a continuation of that form as a bad request: it will be asked by way of a turn from now on.
     */
    public void refused(String target, ContinuationForm form) {
        if (form == ContinuationForm.TURN) {
            return;
        }
        if (turnsOnly.size() >= MOST) {
            turnsOnly.clear();
        }
        turnsOnly.add(target);
    }

    /** Whether a target that refused that form would now be asked in another one, and so may be asked again. */
    public boolean anotherForm(String target, ContinuationForm refused) {
        return formFor(target) != refused;
    }
}
