package dev.understudy.calls.plan;

import dev.understudy.calls.catalog.Catalog;
import dev.understudy.calls.catalog.ResponseOwners;
import dev.understudy.calls.config.Api;
import dev.understudy.calls.config.Settings;
import dev.understudy.calls.inbound.InboundRequest;
import dev.understudy.protocol.HeaderLookup;
import dev.understudy.protocol.json.BadRequest;
import dev.understudy.protocol.json.BodyLimits;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.options.FallbackOptions;
import dev.understudy.protocol.translate.CallerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Plans calls that are not made, for {@code explain} and {@code check}, with the planner of real calls. */
public final class CallPreview {
    /** A name that no model has. */
    private static final String UNKNOWN_NAME = "\0";

    private final CallPlanner planner;

    public CallPreview(CallPlanner planner) {
        this.planner = planner;
    }

    /** Plans as a gateway with these settings does right after its start. */
    public static CallPreview of(Settings settings) {
        return new CallPreview(new CallPlanner(
                Catalog.of(settings),
                new ResponseOwners(),
                settings.server().bounds().deadline()));
    }

    /**
     * Plans a chat completion that has no members but its model.
     *
     * @param fallbacks the fallbacks that the request would name; empty for those of the configuration
     * @throws NoEligibleTarget if no target is left
     * @throws BadRequest if the name is blank
     */
    public PlannedCall ofModel(String model, Optional<List<String>> fallbacks) throws NoEligibleTarget, BadRequest {
        FallbackOptions options = fallbacks
                .map(names -> FallbackOptions.builder()
                        .fallbacks(Optional.of(
                                names.stream().map(FallbackOptions.Fallback::of).toList()))
                        .build())
                .orElse(FallbackOptions.NONE);
        String body = "{\"model\":" + JsonOut.quote(model) + ",\"messages\":[]}";
        CallerRequest request = CallerRequest.read(Api.CHAT.dialect(), body.getBytes(StandardCharsets.UTF_8));
        return planner.plan(Api.CHAT, request, options, "");
    }

    /** Plans a call whose model is unknown: the default fallbacks alone; empty if there are none. */
    public Optional<PlannedCall> withUnknownModel() {
        try {
            return Optional.of(ofModel(UNKNOWN_NAME, Optional.empty()));
        } catch (NoEligibleTarget none) {
            return Optional.empty();
        } catch (BadRequest impossible) {
            throw new IllegalStateException("a request without content could not be planned", impossible);
        }
    }

    /**
     * Plans a request as if it had arrived.
     *
     * @throws NoEligibleTarget if no target is left
     * @throws BadRequest if the gateway would reject the request
     */
    public PlannedCall ofRequest(InboundRequest inbound, BodyLimits limits) throws NoEligibleTarget, BadRequest {
        CallerRequest request = inbound.request(limits);
        FallbackOptions options = request.options(HeaderLookup.NONE, planner.policy());
        return planner.plan(inbound.api(), request, options, "");
    }
}
