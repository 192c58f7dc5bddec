package dev.understudy.calls.plan;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.model.RequiredCapabilities;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds the targets that certainly cannot serve a request. The request is only scanned if a target of the chain may lack a
 * capability.
 */
final class CapabilityFilter {
    /** The mean length of a token over a whole prompt is at most this many bytes; see {@link RequiredCapabilities}. */
    private static final int BYTES_PER_TOKEN_AT_MOST = 8;

    private final CallerRequest request;
    private Optional<RequiredCapabilities> needs = Optional.empty();
    private OptionalInt tools = OptionalInt.empty();

    CapabilityFilter(CallerRequest request) {
        this.request = request;
    }

    /** The capability that a model certainly lacks, as the trail's reason; empty if the model may be able to answer. */
    Optional<String> lackedBy(ModelCapabilities capabilities) {
        int mostTools = capabilities.traits().mostTools();
        if (mostTools < Integer.MAX_VALUE && request.facts().tools() && tools() > mostTools) {
            return Optional.of("too_many_tools");
        }
        if (!mayLack(capabilities)) {
            return Optional.empty();
        }
        if (needs.isEmpty()) {
            needs = Optional.of(RequiredCapabilities.of(request.body(), request.facts()));
        }
        return needs.get().lackedBy(capabilities);
    }

    private int tools() {
        if (tools.isEmpty()) {
            tools = OptionalInt.of(request.tools());
        }
        return tools.getAsInt();
    }

    private boolean mayLack(ModelCapabilities capabilities) {
        return capabilities.images() == Can.NO
                || capabilities.documents() == Can.NO
                || capabilities.audio() == Can.NO
                || (capabilities.tools() == Can.NO && request.facts().tools())
                || request.body().length / BYTES_PER_TOKEN_AT_MOST
                        > capabilities.contextWindow().orElse(Integer.MAX_VALUE);
    }
}
