package dev.understudy.protocol.ask;

import dev.understudy.protocol.ask.Ask.Fallback;
import dev.understudy.protocol.json.BadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Vercel's AI Gateway: {@code providerOptions: {gateway: {models, order, only}}}. The options of single providers that
 * may stand beside {@code gateway} are words of that gateway too, which no provider's own API knows.
 *
 * @see <a href="https://vercel.com/docs/ai-gateway/models-and-providers/provider-options">Vercel: provider options</a>
 */
final class VercelWords implements Words {

    @Override
    public String vocabulary() {
        return "vercel";
    }

    @Override
    public Set<String> fields() {
        return Set.of("providerOptions");
    }

    @Override
    public Ask read(Spoken request) throws BadRequest {
        Optional<Said> options = request.field("providerOptions");
        Optional<Said> gateway = options.isPresent() ? options.get().get("gateway") : Optional.empty();
        if (gateway.isEmpty()) {
            return Ask.NONE;
        }
        Said said = gateway.get();
        FallbackList list = new FallbackList(request, Said::seconds);
        Optional<List<Fallback>> models = Said.read(said.get("models"), list::read);
        return Ask.builder()
                .vocabulary(models.isPresent() ? vocabulary() : "")
                .fallbacks(models)
                .credentials(list.keys())
                .providerOrder(new ArrayList<>(
                        Said.read(said.get("order"), Said::names).orElse(Set.of())))
                .only(Said.read(said.get("only"), Said::names).orElse(Set.of()))
                .build();
    }
}
