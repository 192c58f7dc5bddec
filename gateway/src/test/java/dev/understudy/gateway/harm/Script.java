package dev.understudy.gateway.harm;

import dev.understudy.testing.wire.Reply;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** What a provider sends and when, in no dialect. Times are in seconds before {@link Scale scaling}. Immutable. */
final class Script {
    private sealed interface Act {
        record Head() implements Act {}

        record Begin() implements Act {}

        record Ping() implements Act {}

        record Reason(String piece) implements Act {}

        record Text(String piece) implements Act {}

        record ToolCall() implements Act {}

        record Arguments(String json) implements Act {}

        record Finish() implements Act {}

        record Usage() implements Act {}

        record Done() implements Act {}

        record Wait(double seconds) implements Act {}

        record Whole(String text, int pieces, double secondsBetween) implements Act {}

        record Close() implements Act {}

        record Hold() implements Act {}
    }

    private final List<Act> acts;

    private Script(List<Act> acts) {
        this.acts = List.copyOf(acts);
    }

    private Script and(Act... more) {
        List<Act> all = new ArrayList<>(acts);
        all.addAll(List.of(more));
        return new Script(all);
    }

    static Script start() {
        return new Script(List.of());
    }

    /** Response headers, and the frames before any content. */
    static Script begun() {
        return start().head().and(new Act.Begin());
    }

    Script head() {
        return and(new Act.Head());
    }

    Script begin() {
        return and(new Act.Begin());
    }

    Script waits(double seconds) {
        return and(new Act.Wait(seconds));
    }

    Script ping() {
        return and(new Act.Ping());
    }

    /** Waits so long, with a ping at this interval. */
    Script pings(double seconds, double interval) {
        Script script = this;
        double left = seconds;
        for (; left >= interval; left -= interval) {
            script = script.waits(interval).ping();
        }
        return left > 0 ? script.waits(left) : script;
    }

    /** Reasons visibly for so long. */
    Script reasons(double seconds, double interval) {
        Script script = this;
        for (double passed = 0; passed < seconds; passed += interval) {
            script = script.and(new Act.Reason("hm "), new Act.Wait(interval));
        }
        return script;
    }

    Script says(List<String> pieces) {
        Script script = this;
        for (String piece : pieces) {
            script = script.and(new Act.Text(piece));
        }
        return script;
    }

    Script says(List<String> pieces, double interval) {
        Script script = this;
        for (String piece : pieces) {
            script = script.and(new Act.Text(piece), new Act.Wait(interval));
        }
        return script;
    }

    Script toolCall() {
        return and(new Act.ToolCall());
    }

    Script arguments(List<String> pieces) {
        Script script = this;
        for (String piece : pieces) {
            script = script.and(new Act.Arguments(piece));
        }
        return script;
    }

    /** The terminal mark and what follows it. */
    Script ends() {
        return and(new Act.Finish(), new Act.Usage(), new Act.Done());
    }

    /** The terminal mark, and the rest so much later. */
    Script endsWithLateUsage(double seconds) {
        return and(new Act.Finish(), new Act.Wait(seconds), new Act.Usage(), new Act.Done());
    }

    Script doneWithoutFinish() {
        return and(new Act.Done());
    }

    /** An answer that is not streamed. */
    Script whole(String text) {
        return and(new Act.Whole(text, 1, 0));
    }

    /** The same in pieces. */
    Script trickles(String text, int pieces, double secondsBetween) {
        return and(new Act.Whole(text, pieces, secondsBetween));
    }

    /** The connection closes, whatever is due. */
    Script closes() {
        return and(new Act.Close());
    }

    /** Nothing more comes. */
    Script holds() {
        return and(new Act.Hold());
    }

    /** The same content without waits and pings. */
    Script atOnce() {
        return new Script(acts.stream()
                .filter(act -> !(act instanceof Act.Wait) && !(act instanceof Act.Ping))
                .map(act -> act instanceof Act.Whole whole ? new Act.Whole(whole.text(), 1, 0) : act)
                .toList());
    }

    /** In a dialect. */
    Reply in(UpstreamApi api) {
        StreamFrames frames = api.frames();
        Reply reply = Reply.start();
        for (Act act : acts) {
            reply = switch (act) {
                case Act.Head() ->
                    reply.send("HTTP/1.1 200 OK\r\nContent-Type: " + api.streamType()
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n");
                case Act.Begin() -> chunk(reply, frames.begin());
                case Act.Ping() -> chunk(reply, frames.ping());
                case Act.Reason(String piece) -> chunk(reply, frames.reasoning(piece));
                case Act.Text(String piece) -> chunk(reply, frames.text(piece));
                case Act.ToolCall() -> chunk(reply, frames.toolCall());
                case Act.Arguments(String json) -> chunk(reply, frames.arguments(json));
                case Act.Finish() -> chunk(reply, frames.finish());
                case Act.Usage() -> chunk(reply, frames.usage());
                case Act.Done() -> chunk(reply, frames.done()).lastChunk();
                case Act.Wait(double seconds) -> reply.pause(Scale.of(seconds));
                case Act.Whole whole -> whole(reply, api.whole(whole.text()), whole);
                case Act.Close() -> reply.close();
                case Act.Hold() -> reply.hold();
            };
        }
        return reply;
    }

    /** The bytes of the whole stream in that dialect, without its framing by HTTP. */
    byte[] bytesIn(UpstreamApi api) {
        StreamFrames frames = api.frames();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Act act : acts) {
            all.writeBytes(
                    switch (act) {
                        case Act.Begin() -> frames.begin();
                        case Act.Ping() -> frames.ping();
                        case Act.Reason(String piece) -> frames.reasoning(piece);
                        case Act.Text(String piece) -> frames.text(piece);
                        case Act.ToolCall() -> frames.toolCall();
                        case Act.Arguments(String json) -> frames.arguments(json);
                        case Act.Finish() -> frames.finish();
                        case Act.Usage() -> frames.usage();
                        case Act.Done() -> frames.done();
                        case Act.Whole whole -> StreamFrames.bytes(api.whole(whole.text()));
                        case Act.Head head -> new byte[0];
                        case Act.Wait wait -> new byte[0];
                        case Act.Close close -> new byte[0];
                        case Act.Hold hold -> new byte[0];
                    });
        }
        return all.toByteArray();
    }

    private static Reply chunk(Reply reply, byte[] frame) {
        return frame.length == 0 ? reply : reply.chunk(frame);
    }

    private static Reply whole(Reply reply, String body, Act.Whole how) {
        if (how.pieces() == 1) {
            return reply.send(Reply.json(200, body));
        }
        Reply slow = reply.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                + StreamFrames.bytes(body).length + "\r\n\r\n");
        int size = (body.length() + how.pieces() - 1) / how.pieces();
        for (int from = 0; from < body.length(); from += size) {
            slow = slow.send(body.substring(from, Math.min(body.length(), from + size)))
                    .pause(Scale.of(how.secondsBetween()));
        }
        return slow;
    }
}
