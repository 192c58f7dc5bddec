package dev.understudy.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes one ordered chain of what the request, the model's configuration and the default list say.
 *
 * <p>The nearest list wins as a whole: the request's, else the model's, else the default one. Lists are not mixed, so
 * that a caller who names two fallbacks gets two.
 */
public final class Chain {
    private Chain() {}

    /**
     * The primary and then the fallbacks of the nearest list, each once, in order.
     *
     * @param primary the target that the caller named
     * @param ofRequest what the request says; an empty list is a wish for no fallbacks
     * @param ofModel what the configured model says
     * @param byDefault what holds for every chain that names none
     */
    public static <T> List<T> of(T primary, Optional<List<T>> ofRequest, Optional<List<T>> ofModel, List<T> byDefault) {
        Set<T> chain = new LinkedHashSet<>();
        chain.add(primary);
        chain.addAll(ofRequest.or(() -> ofModel).orElse(byDefault));
        return new ArrayList<>(chain);
    }
}
