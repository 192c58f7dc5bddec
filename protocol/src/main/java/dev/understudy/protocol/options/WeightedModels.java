package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads lists of models with weights. There is no load balancing: the heaviest is the primary, the others are fallbacks. */
final class WeightedModels {
    private WeightedModels() {}

    private record Weighed(Fallback model, BigDecimal weight) {}

    /** The models in the order of their weights; those of the same weight, or of none, in the order of the list. */
    static List<Fallback> read(Optional<FieldValue> list, FallbackList entries) throws BadRequest {
        if (list.isEmpty()) {
            return List.of();
        }
        List<Weighed> models = new ArrayList<>();
        for (FieldValue item : list.get().items()) {
            models.add(new Weighed(entries.entry(item), weight(item)));
        }
        models.sort(Comparator.comparing(Weighed::weight).reversed());
        return models.stream().map(Weighed::model).toList();
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
