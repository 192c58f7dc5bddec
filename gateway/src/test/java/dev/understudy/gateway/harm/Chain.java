package dev.understudy.gateway.harm;

import dev.understudy.gateway.wire.GatewayFixture;
import dev.understudy.testing.wire.Reply;
import dev.understudy.testing.wire.ScriptedUpstream;
import java.util.HashMap;
import java.util.Map;

/** Who stands behind the primary. */
enum Chain {
    ALONE,
    FAST_FALLBACK,
    REFUSING_FALLBACK,
    FAILING_FALLBACK,
    SLOW_FALLBACK;

    private static final String TROUBLE = "{\"error\":{\"message\":\"scripted trouble\",\"type\":\"server_error\"}}";

    /**
     * A gateway with this chain for every dialect in which the worlds' answers come: the model {@code chat-WORLD} is tried
     * at {@code p-chat/WORLD} first.
     *
     * @param defaults what stands in {@code defaults}
     */
    GatewayFixture start(String defaults, World... worlds) {
        StringBuilder yaml =
                new StringBuilder("server: {host: 127.0.0.1, port: 0, drain: 0s}\n" + defaults + "providers:\n");
        String behind = this == REFUSING_FALLBACK ? Integer.toString(ScriptedUpstream.unusedPort()) : "${TWO_PORT}";
        for (UpstreamApi api : UpstreamApi.values()) {
            yaml.append(api.provider("p-" + api.label(), "${ONE_PORT}"));
            yaml.append(api.provider("f-" + api.label(), behind));
        }
        yaml.append("models:\n");
        for (World world : worlds) {
            for (UpstreamApi api : world.targets()) {
                yaml.append("  ")
                        .append(model(api, world))
                        .append(": {targets: [p-")
                        .append(api.label());
                yaml.append('/').append(world.id());
                if (this != ALONE) {
                    yaml.append(", f-")
                            .append(behind(api, world).label())
                            .append('/')
                            .append(world.id());
                }
                yaml.append("]}\n");
            }
        }
        GatewayFixture gateway = GatewayFixture.startWith(yaml.toString());
        Map<String, World> byId = new HashMap<>();
        for (World world : worlds) {
            byId.put(world.id(), world);
        }
        gateway.one()
                .answerWith(request -> byId.get(UpstreamApi.modelOf(request)).byPrimary(request));
        gateway.two().answerWith(request -> switch (this) {
            case FAST_FALLBACK -> byId.get(UpstreamApi.modelOf(request)).byFallbackAtOnce(request);
            case SLOW_FALLBACK -> byId.get(UpstreamApi.modelOf(request)).byFallback(request);
            case FAILING_FALLBACK -> Reply.json(503, TROUBLE);
            case ALONE, REFUSING_FALLBACK -> throw new AssertionError("there is no fallback to try");
        });
        return gateway;
    }

    static String model(UpstreamApi api, World world) {
        return api.label() + "-" + world.id();
    }

    /** Another dialect where the world can be told in another. */
    private static UpstreamApi behind(UpstreamApi api, World world) {
        UpstreamApi next = api.next();
        while (!world.targets().contains(next)) {
            next = next.next();
        }
        return next;
    }
}
