package dev.understudy.calls.upstream;

import dev.understudy.calls.catalog.Route;
import dev.understudy.calls.config.Api;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The faults that drills inject into the requests of one call. They are injected where requests leave the process, so that everything
 * behind that sees them as faults of the provider.
 */
@FunctionalInterface
public interface InjectedFaults {

    /**
     * What is injected into a request.
     *
     * @param api of the request, in which the provider would answer
     * @param stream whether a streamed answer is requested
     * @return empty if the request is sent as usual
     */
    Optional<Fault> at(Route route, Api api, boolean stream);

    /**
     * A fault.
     *
     * @param drill the name of the drill, for the trail
     * @param replacesProvider whether no request reaches the provider: it then gets no credentials, and none of its connections is used
     * @param endpoint makes the endpoint that has the fault from that of the provider
     */
    record Fault(String drill, boolean replacesProvider, UnaryOperator<UpstreamTransport.Endpoint> endpoint) {}
}
