package dev.understudy.gateway.call;

import dev.understudy.gateway.catalog.Route;
import dev.understudy.gateway.config.Api;
import java.util.Optional;

/** Finds who shows a provider who asks, where a key alone does not. */
interface Authorizers {

    /** For providers whose headers are always the same. */
    Authorizers NONE = (route, api, stream) -> Optional.empty();

    Optional<Authorizer> of(Route route, Api api, boolean stream);
}
