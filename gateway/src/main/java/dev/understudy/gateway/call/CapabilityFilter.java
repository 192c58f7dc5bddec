package dev.understudy.gateway.call;

import dev.understudy.protocol.dialect.ModelCapabilities;
import dev.understudy.protocol.dialect.ModelCapabilities.Can;
import dev.understudy.protocol.model.RequiredCapabilities;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.Optional;

/** Tells who certainly cannot serve a request. The request is only looked through if somebody may lack something. */
final class CapabilityFilter {
    /** No token is made of fewer bytes than this many, in the mean of a whole prompt; see {@link RequiredCapabilities}. */
    private static final int BYTES_PER_TOKEN_AT_MOST = 8;

    private final CallerRequest request;
    private Optional<RequiredCapabilities> needs = Optional.empty();

    CapabilityFilter(CallerRequest request) {
        this.request = request;
    }

    /** What a model certainly lacks, in the word that the trail has for it; empty if it may well answer. */
    Optional<String> lackedBy(ModelCapabilities capabilities) {
        if (!mayLack(capabilities)) {
            return Optional.empty();
        }
        if (needs.isEmpty()) {
            needs = Optional.of(RequiredCapabilities.of(request.body(), request.facts()));
        }
        return needs.get().lackedBy(capabilities);
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
