package dev.understudy.gateway.harm;

import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.util.List;

/** Short calls in Chat Completions, for tests of what one call means for the next. */
final class Chats {
    static final String TEXT = "Hello there.";

    private Chats() {}

    static String ask(String model, String... members) {
        return askFor("hello", model, members);
    }

    static String askFor(String prompt, String model, String... members) {
        String further = members.length == 0 ? "" : "," + String.join(",", members);
        return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + prompt + "\"}]"
                + further + "}";
    }

    /** A good answer, streamed on request. */
    static Reply well(ReceivedRequest request) {
        return UpstreamApi.wantsStream(request)
                ? Script.begun().says(List.of(TEXT)).ends().in(UpstreamApi.CHAT)
                : Reply.json(200, UpstreamApi.CHAT.whole(TEXT));
    }

    static String error(String message, String type, String code) {
        return "{\"error\":{\"message\":\"" + StreamFrames.escaped(message) + "\",\"type\":\"" + type
                + "\",\"param\":null,\"code\":" + (code.isEmpty() ? "null" : "\"" + code + "\"") + "}}";
    }

    static Reply failed(int status, String... headers) {
        return Reply.json(status, error("scripted trouble", "scripted", ""), headers);
    }
}
