package dev.understudy.gateway.admin;

import dev.understudy.testing.wire.Reply;

/** Answers of a provider with OpenAI's chat dialect. */
final class ChatReplies {
    private ChatReplies() {}

    static Reply answer(String text) {
        return Reply.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}");
    }

    static Reply stream(String... words) {
        Reply reply = Reply.eventStream();
        for (String word : words) {
            reply = reply.event(chunk("{\"content\":\"" + word + "\"}", "null"));
        }
        return reply.event(chunk("{}", "\"stop\"")).event("[DONE]").lastChunk();
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"x\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
    }
}
