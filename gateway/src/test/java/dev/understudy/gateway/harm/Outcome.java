package dev.understudy.gateway.harm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.gateway.crossing.ClientDialect;
import dev.understudy.gateway.crossing.ParsedAnswer;
import dev.understudy.gateway.crossing.ParsedFrame;
import dev.understudy.protocol.json.JsonTrees;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.testing.wire.End;
import dev.understudy.testing.wire.RawAnswer;
import dev.understudy.testing.wire.RawHead;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a call in one of the worlds came to.
 *
 * @param call whose it is
 * @param trail the targets that were tried, from the access log
 * @param byPrimary whether the primary gave the answer, alone
 * @param harm what is wrong with the answer; empty if it is whole
 */
record Outcome(Call call, String trail, boolean byPrimary, String harm) {

    /** A call that is over. */
    record Call(World world, UpstreamApi target, ClientDialect caller, Listened listened) {
        String id() {
            return listened.answer().header("understudy-call-id").orElse("none");
        }

        @Override
        public String toString() {
            return world + " from " + target + " for " + caller;
        }
    }

    /** @param logged the call's line in the access log */
    static Outcome of(Call call, JsonObject logged) {
        String trail = String.valueOf(logged.getValue("trail"));
        boolean byPrimary = isAnswered(logged.getJsonArray("trail", new JsonArray()));
        try {
            assertWhole(call.world(), call.target(), call.caller(), call.listened(), byPrimary);
            return new Outcome(call, trail, byPrimary, "");
        } catch (AssertionError harm) {
            return new Outcome(
                    call,
                    trail,
                    byPrimary,
                    call + ": " + harm.getMessage() + "\n" + call.listened().answer() + "\n" + logged);
        }
    }

    /** Whether a fallback answered although the primary showed that it was working. */
    boolean needless() {
        return call.world().life() && !byPrimary;
    }

    /** Whether the first attempt was at the primary and is the one that answered. */
    private static boolean isAnswered(JsonArray trail) {
        JsonObject first = trail.isEmpty() ? new JsonObject() : trail.getJsonObject(0);
        return first.getString("target", "").startsWith("p-")
                && first.getString("outcome", "").equals("ok");
    }

    private static void assertWhole(
            World world, UpstreamApi target, ClientDialect caller, Listened listened, boolean byPrimary) {
        ParsedAnswer parsed = ParsedAnswer.of(caller, world.stream(), listened.answer());
        assertThat(parsed.failures()).isEmpty();
        assertThat(parsed.ends()).as("ends").isOne();
        String content = world.tool() ? arguments(parsed) : parsed.text();
        assertThat(content).as("content").isIn(world.expected(World.PRIMARY), world.expected(World.FALLBACK));
        if (world.stream()) {
            StreamGrammar.assertComplete(caller, parsed.frames());
        }
        boolean verbatim = target.caller() == caller && byPrimary && !world.id().equals("done-without-finish");
        if (verbatim && world.stream()) {
            assertThat(withoutOurs(parsed.frames()))
                    .as("the target's own events")
                    .isEqualTo(withoutOurs(framesOf(world, target, caller)));
        } else if (verbatim) {
            assertThat(listened.answer().bytes())
                    .isEqualTo(world.primaryScript().bytesIn(target));
        }
    }

    private static List<ParsedFrame> framesOf(World world, UpstreamApi target, ClientDialect caller) {
        byte[] bytes = world.primaryScript().bytesIn(target);
        return caller.frames(new RawAnswer(new RawHead("HTTP/1.1", 200, List.of()), bytes, End.COMPLETE));
    }

    /** Pings may be added and left out, and the trail may be told. */
    private static List<ParsedFrame> withoutOurs(List<ParsedFrame> frames) {
        return frames.stream()
                .filter(frame -> !frame.name().equals("ping") && !frame.data().contains("\"understudy\":{"))
                .toList();
    }

    private static String arguments(ParsedAnswer parsed) {
        List<Part.ToolCall> calls = parsed.answer().choices().getFirst().parts().stream()
                .filter(Part.ToolCall.class::isInstance)
                .map(Part.ToolCall.class::cast)
                .toList();
        assertThat(calls).hasSize(1);
        assertThat(calls.getFirst().name()).isEqualTo("weather");
        JsonNode arguments = JsonTrees.of(calls.getFirst().arguments());
        return arguments.toString();
    }

    @Override
    public String toString() {
        return call + (byPrimary ? " by the primary " : " by a fallback ") + trail;
    }
}
