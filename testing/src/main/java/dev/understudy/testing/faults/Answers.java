package dev.understudy.testing.faults;

import dev.understudy.testing.wire.Reply;

/** What upstreams say when all is well, and the pieces of it from which the faults are made. */
public final class Answers {
    public static final String DONE = "[DONE]";

    /** The text of every good answer, with something in it that is more than one byte long. */
    public static final String TEXT = "Grüße";

    private Answers() {}

    /** A good answer in one piece. */
    public static String whole(String model) {
        return message(model, "\"role\":\"assistant\",\"content\":\"" + TEXT + "\"", "stop");
    }

    /** An answer in one piece with this message. */
    public static String message(String model, String message, String finish) {
        return "{\"id\":\"w\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"" + model
                + "\",\"choices\":[{\"index\":0,\"message\":{" + message + "},\"finish_reason\":\"" + finish
                + "\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";
    }

    /** The first chunk of a stream, which says nothing yet. */
    public static String role() {
        return delta("\"role\":\"assistant\",\"content\":\"\"");
    }

    public static String content(String text) {
        return delta("\"content\":\"" + text + "\"");
    }

    public static String delta(String delta) {
        return chunk("[{\"index\":0,\"delta\":{" + delta + "},\"finish_reason\":null}]");
    }

    public static String finish(String reason) {
        return chunk("[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]");
    }

    public static String usage() {
        return "{\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"s-1\",\"choices\":[],"
                + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";
    }

    public static String chunk(String choices) {
        return "{\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"s-1\",\"choices\":"
                + choices + "}";
    }

    /** A piece of the answer to a prompt, in the Completions API. */
    public static String completion(String text) {
        return completionChunk("{\"text\":\"" + text + "\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}");
    }

    /** The end of an answer to a prompt, with its usage behind it. */
    public static String[] completionEnd() {
        return new String[] {
            completionChunk("{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}"),
            completionChunk("")
                    .replace("]}", "],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}"),
            DONE
        };
    }

    private static String completionChunk(String choice) {
        return "{\"id\":\"s\",\"object\":\"text_completion\",\"created\":1,\"model\":\"s-1\",\"choices\":[" + choice
                + "]}";
    }

    /** Events as they stand on the wire. */
    public static String events(String... data) {
        StringBuilder events = new StringBuilder();
        for (String each : data) {
            events.append("data: ").append(each).append("\n\n");
        }
        return events.toString();
    }

    /** A good stream as a caller reads it. */
    public static String stream() {
        return events(role(), content("Grü"), content("ße"), finish("stop"), DONE);
    }

    /** A good answer in the requested form. */
    public static Reply good(Delivery delivery) {
        return switch (delivery) {
            case WHOLE -> Reply.json(200, whole("w-1"));
            case STREAM ->
                Reply.eventStream()
                        .event(role())
                        .event(content("Grü"))
                        .event(content("ße"))
                        .event(finish("stop"))
                        .event(DONE)
                        .lastChunk();
        };
    }

    /** What the caller reads of {@link #good}. */
    public static String goodBody(Delivery delivery) {
        return delivery == Delivery.STREAM ? stream() : whole("w-1");
    }

    /** An error in OpenAI's shape. */
    public static String error(String message, String type, String code) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + type + "\",\"param\":null,\"code\":"
                + (code.isEmpty() ? "null" : "\"" + code + "\"") + "}}";
    }

    public static String error() {
        return error("The server had an error", "server_error", "");
    }
}
