package dev.understudy.rehearsal;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

/** Writes the JSON of the OpenAI Chat Completions API: whole completions, and the chunks of a stream. */
final class ChatJson {

    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();
    private static final String CONTENT = "\"content\":\"";

    private final Cue cue;

    ChatJson(Cue cue) {
        this.cue = cue;
    }

    /** A JSON string with its quotes. */
    static String quote(String text) {
        return '"' + escape(text) + '"';
    }

    static String escape(String text) {
        return new String(ENCODER.quoteAsString(text));
    }

    /** A completion whose only choice says this. */
    String completion(Answer answer) {
        return completion(contentMessage(quote(answer.text())), quote(answer.finish()), answer.tokens());
    }

    /**
     * A completion whose only choice is this message.
     *
     * @param message JSON
     * @param finish JSON: a quoted word, or {@code null}
     */
    String completion(String message, String finish, int tokens) {
        return completion(
                "[{\"index\":0,\"message\":" + message + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]",
                tokens);
    }

    /** A completion with these choices. */
    String completion(String choices, int tokens) {
        return opening("chat.completion") + ",\"choices\":" + choices + ",\"usage\":" + usage(tokens)
                + ",\"system_fingerprint\":\"fp_rehearsal\"}";
    }

    /** An assistant's message with this content, which is JSON. */
    static String contentMessage(String content) {
        return "{\"role\":\"assistant\",\"content\":" + content + ",\"refusal\":null}";
    }

    /** The start of {@link #completion(Answer)} up to and with the given number of its words. */
    String completionCutAfter(Answer answer, int pieces) {
        String whole = completion(answer);
        // Quotes inside earlier strings are escaped, so the first unescaped match is the message's own content.
        int content = whole.indexOf(CONTENT) + CONTENT.length();
        return whole.substring(
                0, content + escape(String.join("", answer.first(pieces))).length());
    }

    /**
     * A chunk with one choice.
     *
     * @param delta JSON
     * @param finish JSON: a quoted word, or {@code null}
     */
    String chunk(String delta, String finish) {
        return chunkOf(
                "[{\"index\":0,\"delta\":" + delta + ",\"logprobs\":null,\"finish_reason\":" + finish + "}]", "");
    }

    String contentChunk(String piece) {
        return chunk("{\"content\":" + quote(piece) + "}", "null");
    }

    String roleChunk() {
        return chunk("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null");
    }

    String finishChunk(String finish) {
        return chunk("{}", quote(finish));
    }

    /** The chunk with no choices that carries the usage. */
    String usageChunk(int tokens) {
        return chunkOf("[]", ",\"usage\":" + usage(tokens));
    }

    /** A chunk with no choices and nothing else: some providers send them. */
    String emptyChunk() {
        return chunkOf("[]", "");
    }

    private String chunkOf(String choices, String more) {
        return opening("chat.completion.chunk") + ",\"system_fingerprint\":\"fp_rehearsal\",\"choices\":" + choices
                + more + "}";
    }

    private String opening(String object) {
        return "{\"id\":" + quote(cue.id()) + ",\"object\":\"" + object + "\",\"created\":" + cue.created()
                + ",\"model\":" + quote(cue.request().model());
    }

    private String usage(int tokens) {
        int prompt = cue.request().promptTokens();
        return "{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + tokens + ",\"total_tokens\":"
                + (prompt + tokens) + "}";
    }
}
