package dev.understudy.gateway.harm;

import java.util.List;
import java.util.function.Function;

/** The worlds in which a provider only is as providers are. Each was broken by a gateway with fixed limits. */
final class Worlds {
    static final List<World> ALL = all();

    private Worlds() {}

    private static Function<List<String>, Script> pausing(Function<Script, Script> pause) {
        return words -> {
            int half = Math.min(4, words.size());
            return pause.apply(Script.begun().says(words.subList(0, half)))
                    .says(words.subList(half, words.size()))
                    .ends();
        };
    }

    private static Function<List<String>, Script> first(Script before) {
        return words -> before.says(words).ends();
    }

    /** Between a ping after ten seconds and the late mark there are two: too little for a machine at a scaled time. */
    private static List<World> all() {
        return List.of(
                World.streamed(
                                "flows-70s",
                                true,
                                words -> Script.begun().says(words, 1).ends())
                        .words(70),
                World.streamed("pause-20s", false, pausing(begun -> begun.waits(20))),
                World.streamed("pause-20s-pings", true, pausing(begun -> begun.pings(20, 5))),
                World.whole("whole-60s", words -> Script.start().waits(60).whole(String.join("", words))),
                World.whole("trickle-60s", words -> Script.start().trickles(String.join("", words), 60, 1)),
                World.streamed(
                        "first-25s",
                        false,
                        first(Script.start().waits(25).head().begin())),
                World.streamed(
                        "first-25s-head",
                        false,
                        first(Script.start().head().waits(25).begin())),
                World.streamed(
                        "first-25s-pings-5s", true, first(Script.begun().ping().pings(25, 5))),
                World.streamed(
                        "first-25s-pings-10s", true, first(Script.begun().ping().pings(25, 10))),
                World.streamed(
                        "first-40s",
                        false,
                        first(Script.start().waits(40).head().begin())),
                World.streamed(
                        "first-40s-pings-5s", true, first(Script.begun().ping().pings(40, 5))),
                World.streamed(
                        "first-40s-pings-10s", true, first(Script.begun().ping().pings(40, 10))),
                World.streamed("reasons-40s", true, first(Script.begun().reasons(40, 1))),
                World.streamed(
                                "reasons-40s-pings",
                                true,
                                first(Script.begun().ping().pings(40, 5)))
                        .askingForReasoning(),
                World.streamed("reasons-40s-silent", true, first(Script.begun().waits(40)))
                        .askingForReasoning(),
                World.toolCall(
                        "tool-13s",
                        arguments -> Script.begun()
                                .toolCall()
                                .waits(13)
                                .arguments(arguments)
                                .ends()),
                World.toolCall(
                        "tool-60s-pings",
                        arguments -> Script.begun()
                                .toolCall()
                                .pings(60, 5)
                                .arguments(arguments)
                                .ends()),
                World.streamed(
                                "processing-13s",
                                true,
                                first(Script.start().head().pings(13, 1).begin()))
                        .from(UpstreamApi.CHAT),
                World.streamed(
                        "usage-3s", true, words -> Script.begun().says(words).endsWithLateUsage(3)),
                World.streamed(
                                "done-without-finish",
                                true,
                                words -> Script.begun().says(words).doneWithoutFinish())
                        .from(UpstreamApi.CHAT));
    }
}
