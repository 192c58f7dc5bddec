package dev.understudy.protocol.options;

import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.options.FallbackOptions.Fallback;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Vercel's AI Gateway: {@code providerOptions: {gateway: {models, order, only}}}. The options of single providers
 * beside {@code gateway} belong to that gateway too: no provider's own API has them.
 *
 * @see <a href="https://vercel.com/docs/ai-gateway/models-and-providers/provider-options">Vercel: provider options</a>
 */
final class VercelOptions implements OptionsParser {

    @Override
    public String vocabulary() {
        return "vercel";
    }

    @Override
    public Set<String> fields() {
        return Set.of("providerOptions");
    }

    @Override
    public FallbackOptions read(OptionsSource request) throws BadRequest {
        Optional<FieldValue> options = request.field("providerOptions");
        Optional<FieldValue> gateway = options.isPresent() ? options.get().get("gateway") : Optional.empty();
        if (gateway.isEmpty()) {
            return FallbackOptions.NONE;
        }
        FieldValue value = gateway.get();
        FallbackList list = new FallbackList(request, FieldValue::seconds);
        Optional<List<Fallback>> models = FieldValue.read(value.get("models"), list::read);
        return FallbackOptions.builder()
                .vocabulary(models.isPresent() ? vocabulary() : "")
                .fallbacks(models)
                .credentials(list.keys())
                .providerOrder(new ArrayList<>(
                        FieldValue.read(value.get("order"), FieldValue::names).orElse(Set.of())))
                .only(FieldValue.read(value.get("only"), FieldValue::names).orElse(Set.of()))
                .build();
    }
}
