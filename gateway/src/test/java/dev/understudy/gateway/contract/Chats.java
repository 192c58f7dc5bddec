package dev.understudy.gateway.contract;

import dev.understudy.testing.wire.Reply;

/** Requests and answers of OpenAI's chat dialect, for tests that need one and do not care which. */
public final class Chats {
    static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

    /** The events of a short streamed answer, as {@link #streamed} sends them. */
    static final String STREAM = event(delta("{\"role\":\"assistant\",\"content\":\"\"}", "null"))
            + event(delta("{\"content\":\"Hel\"}", "null"))
            + event(delta("{\"content\":\"lo\"}", "null"))
            + event(delta("{}", "\"stop\""))
            + event("[DONE]");

    private Chats() {}

    /** A request for a model, with further members if there are any. */
    static String ask(String model, String... members) {
        StringBuilder body = new StringBuilder("{\"model\":\"" + model + "\"," + MESSAGES);
        for (String member : members) {
            body.append(',').append(member);
        }
        return body.append('}').toString();
    }

    static String askStream(String model, String... members) {
        return ask(model, members).replaceFirst("\\{", "{\"stream\":true,");
    }

    /** The body of a whole answer. */
    static String answer(String content) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"real\",\"choices\":"
                + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + content
                + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,"
                + "\"total_tokens\":5}}";
    }

    /** A whole answer. */
    public static Reply answered(String content) {
        return Reply.json(200, answer(content));
    }

    static Reply refused(int status) {
        return Reply.json(status, "{\"error\":{\"message\":\"scripted " + status + "\",\"type\":\"scripted\"}}");
    }

    /** A short streamed answer, complete. */
    static Reply streamed() {
        return Reply.eventStream().chunk(STREAM).lastChunk();
    }

    /** A complete streamed answer, with an event for each word. */
    public static Reply streamedWords(String... words) {
        Reply reply = Reply.eventStream();
        for (String word : words) {
            reply = reply.event(content(word));
        }
        return reply.event(delta("{}", "\"stop\"")).event("[DONE]").lastChunk();
    }

    /** The data of one event of a stream. */
    static String delta(String delta, String finishReason) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"real\",\"choices\":"
                + "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}";
    }

    static String content(String text) {
        return delta("{\"content\":\"" + text + "\"}", "null");
    }

    static String event(String data) {
        return "data: " + data + "\n\n";
    }
}
