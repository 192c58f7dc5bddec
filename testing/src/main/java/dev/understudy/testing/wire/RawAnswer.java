package dev.understudy.testing.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One response, as far as it came. */
public final class RawAnswer {

    private final RawHead head;
    private final byte[] body;
    private final End end;

    public RawAnswer(RawHead head, byte[] body, End end) {
        this.head = head;
        this.body = body;
        this.end = end;
    }

    public RawHead head() {
        return head;
    }

    /** 0 if not even a head came. */
    public int status() {
        return head.status();
    }

    public Optional<String> header(String name) {
        return head.header(name);
    }

    /** The body without its chunk framing, but with any compression. */
    public byte[] bytes() {
        return body.clone();
    }

    public String body() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public End end() {
        return end;
    }

    /** The body cut at blank lines: the events of a stream, the last of them perhaps incomplete. */
    public List<String> events() {
        List<String> events = new ArrayList<>(List.of(body().split("\n\n", -1)));
        if (events.getLast().isEmpty()) {
            events.removeLast();
        }
        return events;
    }

    @Override
    public String toString() {
        return head + " " + end + "\n" + body();
    }
}
