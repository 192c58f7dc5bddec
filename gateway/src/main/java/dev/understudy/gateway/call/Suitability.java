package dev.understudy.gateway.call;

import dev.understudy.protocol.dialect.Abilities;
import dev.understudy.protocol.dialect.Abilities.Can;
import dev.understudy.protocol.model.Needs;
import dev.understudy.protocol.translate.CallerRequest;
import java.util.Optional;

/** Tells who certainly cannot serve a request. The request is only looked through if somebody may lack something. */
final class Suitability {
    /** No token is made of fewer bytes than this many, in the mean of a whole prompt; see {@link Needs}. */
    private static final int BYTES_PER_TOKEN_AT_MOST = 8;

    private final CallerRequest request;
    private Optional<Needs> needs = Optional.empty();

    Suitability(CallerRequest request) {
        this.request = request;
    }

    /** What a model certainly lacks, in the word that the trail has for it; empty if it may well answer. */
    Optional<String> lackedBy(Abilities abilities) {
        if (!mayLack(abilities)) {
            return Optional.empty();
        }
        if (needs.isEmpty()) {
            needs = Optional.of(Needs.of(request.body(), request.facts()));
        }
        return needs.get().lackedBy(abilities);
    }

    private boolean mayLack(Abilities abilities) {
        return abilities.images() == Can.NO
                || abilities.documents() == Can.NO
                || abilities.audio() == Can.NO
                || (abilities.tools() == Can.NO && request.facts().tools())
                || request.body().length / BYTES_PER_TOKEN_AT_MOST
                        > abilities.contextWindow().orElse(Integer.MAX_VALUE);
    }
}
