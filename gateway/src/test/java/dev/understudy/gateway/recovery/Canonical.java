package dev.understudy.gateway.recovery;

import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answer that every scenario must end with, and upstreams that give it whole, in part, or from where it stopped. */
final class Canonical {
    static final List<String> TOKENS = tokens();
    static final String TEXT = String.join("", TOKENS);

    private static final Pattern BEGUN = Pattern.compile("\"role\":\"assistant\",\"content\":\"([^\"]*)\"");
    private static final Pattern ENDS_WITH_ASSISTANT =
            Pattern.compile("\"role\":\"assistant\",\"content\":\"[^\"]*\"[^{}]*}]");

    private Canonical() {}

    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            tokens.add((i == 1 ? "" : " ") + "word" + i + (i == 60 ? "." : ""));
        }
        return List.copyOf(tokens);
    }

    /** The beginning of a stream, with so many tokens. */
    static Reply begun(String model, int tokens) {
        Reply reply = Reply.eventStream().event(chunk(model, "\"role\":\"assistant\",\"content\":\"\"", "null"));
        for (String token : TOKENS.subList(0, tokens)) {
            reply = reply.event(text(model, token));
        }
        return reply;
    }

    /** Finish, usage and the end. */
    static Reply ended(Reply begun, String model, int tokens) {
        return finished(begun, model, tokens).event("[DONE]").lastChunk();
    }

    static Reply finished(Reply begun, String model, int tokens) {
        return begun.event(chunk(model, "", "\"stop\"")).event(usage(model, tokens));
    }

    static Reply stream(String model) {
        return ended(begun(model, 60), model, 60);
    }

    static Reply whole(String model) {
        return Reply.json(
                200,
                "{\"id\":\"w\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"" + model
                        + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + TEXT
                        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":60,"
                        + "\"total_tokens\":65}}");
    }

    /** A model without faults: it answers, whole or streamed, and continues a begun answer. */
    static Reply well(String model, ReceivedRequest request) {
        String body = request.body();
        if (!body.contains("\"stream\":true")) {
            return whole(model);
        }
        String rest = TEXT.substring(begunIn(body).length());
        Reply reply = Reply.eventStream().event(chunk(model, "\"role\":\"assistant\",\"content\":\"\"", "null"));
        int tokens = 0;
        for (String piece : rest.split("(?= )")) {
            if (!piece.isEmpty()) {
                reply = reply.event(text(model, piece));
                tokens++;
            }
        }
        return ended(reply, model, tokens);
    }

    /** The same, but it takes no prefill. */
    static Reply wellWithoutPrefill(String model, ReceivedRequest request) {
        return ENDS_WITH_ASSISTANT.matcher(request.body()).find()
                ? Reply.json(
                        400,
                        "{\"error\":{\"message\":\"This model does not support assistant message prefill. The"
                                + " conversation must end with a user message.\",\"type\":\"invalid_request_error\","
                                + "\"param\":null,\"code\":null}}")
                : well(model, request);
    }

    /** What of the answer the request shows as given. */
    static String begunIn(String body) {
        Matcher begun = BEGUN.matcher(body);
        return begun.find() ? begun.group(1) : "";
    }

    static String text(String model, String text) {
        return chunk(model, "\"content\":\"" + text + "\"", "null");
    }

    private static String chunk(String model, String delta, String finish) {
        return "{\"id\":\"id-of-" + model + "\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"" + model
                + "\",\"choices\":[{\"index\":0,\"delta\":{" + delta + "},\"finish_reason\":" + finish + "}]}";
    }

    private static String usage(String model, int tokens) {
        return "{\"id\":\"id-of-" + model + "\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"" + model
                + "\",\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":" + tokens
                + ",\"total_tokens\":" + (5 + tokens) + "}}";
    }
}
