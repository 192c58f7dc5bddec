package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads lists of models with weights, among which the calls are distributed. */
final class WeightedModels {
    private static final BigDecimal HEAVIEST = BigDecimal.valueOf(1_000_000_000);

    private WeightedModels() {}

    private record Weighed(Fallback model, BigDecimal weight, Optional<FallbackOptions.Credential> credential) {}

    /**
     * The models in the order of their weights, each with its share; those of the same weight, or of none, in the order of the
     * list.
     */
    static List<Fallback> read(Optional<FieldValue> list, FallbackList entries) throws BadRequest {
        if (list.isEmpty()) {
            return List.of();
        }
        List<Weighed> models = new ArrayList<>();
        for (FieldValue item : list.get().items()) {
            int before = entries.keys().size();
            Fallback model = entries.entry(item);
            models.add(new Weighed(
                    model, weight(item), entries.keys().stream().skip(before).findFirst()));
        }
        models.sort(Comparator.comparing(Weighed::weight).reversed());
        List<Fallback> shared = new ArrayList<>();
        for (Weighed weighed : models) {
            shared.add(weighed.model()
                    .with(new FallbackOptions.Share(
                            list.get().where(),
                            String.valueOf(shared.size()),
                            share(weighed.weight()),
                            weighed.credential())));
        }
        return shared;
    }

    /** A weight as one that can be calculated with: a negative one takes no share. */
    static double share(BigDecimal weight) {
        return weight.max(BigDecimal.ZERO).min(HEAVIEST).doubleValue();
    }

    /** A model without a weight counts as one. */
    static BigDecimal weight(FieldValue item) throws BadRequest {
        Optional<FieldValue> weight = item.isObject() ? item.get("weight") : Optional.empty();
        if (weight.isEmpty()) {
            return BigDecimal.ONE;
        }
        return weight.get().number().orElseThrow(() -> weight.get().wrong("a number"));
    }
}
