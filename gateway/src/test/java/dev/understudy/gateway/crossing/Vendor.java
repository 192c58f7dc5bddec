package dev.understudy.gateway.crossing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.testing.wire.ReceivedRequest;
import dev.understudy.testing.wire.Reply;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Vendors as their APIs answer, in small: the same answer of twelve words from each, whole, in pieces, or in trouble. */
enum Vendor {
    OPENAI("text/event-stream") {
        @Override
        String whole(String text) {
            return "{\"id\":\"chatcmpl-9\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"gpt-real\",\"choices\":"
                    + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + text
                    + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":12,"
                    + "\"total_tokens\":17}}";
        }

        @Override
        byte[] begin() {
            return chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
        }

        @Override
        byte[] text(String text) {
            return chunk("{\"content\":\"" + text + "\"}", "null");
        }

        @Override
        List<byte[]> end() {
            return List.of(chunk("{}", "\"stop\""), sse("", "[DONE]"));
        }

        @Override
        byte[] trouble() {
            return sse("", error(500));
        }

        @Override
        String error(int status) {
            return "{\"error\":{\"message\":\"scripted trouble\",\"type\":\"server_error\",\"param\":null,\"code\":null}}";
        }

        private byte[] chunk(String delta, String finish) {
            return sse(
                    "",
                    "{\"id\":\"chatcmpl-9\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"gpt-real\","
                            + "\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}");
        }
    },

    ANTHROPIC("text/event-stream") {
        @Override
        String whole(String text) {
            return "{\"id\":\"msg_9\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-real\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":\"" + text
                    + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":5,\"output_tokens\":12}}";
        }

        @Override
        byte[] begin() {
            return joined(
                    sse(
                            "message_start",
                            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_9\",\"type\":\"message\",\"role\":"
                                    + "\"assistant\",\"model\":\"claude-real\",\"content\":[],\"stop_reason\":null,"
                                    + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}"),
                    sse(
                            "content_block_start",
                            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\","
                                    + "\"text\":\"\"}}"),
                    sse("ping", "{\"type\":\"ping\"}"));
        }

        @Override
        byte[] text(String text) {
            return sse(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                            + text + "\"}}");
        }

        @Override
        List<byte[]> end() {
            return List.of(
                    sse("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"),
                    sse(
                            "message_delta",
                            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                    + "\"usage\":{\"output_tokens\":12}}"),
                    sse("message_stop", "{\"type\":\"message_stop\"}"));
        }

        @Override
        byte[] trouble() {
            return sse("error", error(500));
        }

        @Override
        String error(int status) {
            return "{\"type\":\"error\",\"error\":{\"type\":\"" + (status == 429 ? "rate_limit_error" : "api_error")
                    + "\",\"message\":\"scripted trouble\"},\"request_id\":\"req_1\"}";
        }
    },

    GEMINI("text/event-stream") {
        @Override
        String whole(String text) {
            return candidate(text, ",\"finishReason\":\"STOP\"");
        }

        @Override
        byte[] begin() {
            return new byte[0];
        }

        @Override
        byte[] text(String text) {
            return sse("", candidate(text, ""));
        }

        @Override
        List<byte[]> end() {
            return List.of(sse("", candidate("", ",\"finishReason\":\"STOP\"")));
        }

        @Override
        byte[] trouble() {
            return sse("", error(500));
        }

        @Override
        String error(int status) {
            return "{\"error\":{\"code\":" + status + ",\"message\":\"scripted trouble\",\"status\":\""
                    + (status == 429 ? "RESOURCE_EXHAUSTED" : "INTERNAL") + "\"}}";
        }

        private String candidate(String text, String finish) {
            return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"" + text + "\"}],\"role\":\"model\"}" + finish
                    + ",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":12,"
                    + "\"totalTokenCount\":17},\"modelVersion\":\"gemini-real\",\"responseId\":\"resp-9\"}";
        }
    },

    BEDROCK("application/vnd.amazon.eventstream") {
        @Override
        String whole(String text) {
            return "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"" + text
                    + "\"}]}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":5,\"outputTokens\":12,"
                    + "\"totalTokens\":17},\"metrics\":{\"latencyMs\":9}}";
        }

        @Override
        byte[] begin() {
            return AmazonFrames.event("messageStart", "{\"role\":\"assistant\"}");
        }

        @Override
        byte[] text(String text) {
            return AmazonFrames.event(
                    "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"" + text + "\"}}");
        }

        @Override
        List<byte[]> end() {
            return List.of(
                    AmazonFrames.event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                    AmazonFrames.event("messageStop", "{\"stopReason\":\"end_turn\"}"),
                    AmazonFrames.event(
                            "metadata",
                            "{\"usage\":{\"inputTokens\":5,\"outputTokens\":12,\"totalTokens\":17},\"metrics\":"
                                    + "{\"latencyMs\":9}}"));
        }

        @Override
        byte[] trouble() {
            return AmazonFrames.exception("internalServerException", "{\"message\":\"scripted trouble\"}");
        }

        @Override
        String error(int status) {
            return "{\"message\":\"scripted trouble\"}";
        }
    };

    static final List<String> WORDS = words();
    static final String TEXT = String.join("", WORDS);

    /** An answer so far, as it stands in a request in whichever dialect. */
    private static final Pattern BEGUN = Pattern.compile("word1(?: word\\d+)*");

    private final String streamType;

    Vendor(String streamType) {
        this.streamType = streamType;
    }

    private static List<String> words() {
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            words.add((i == 1 ? "" : " ") + "word" + i + (i == 12 ? "." : ""));
        }
        return List.copyOf(words);
    }

    /** An answer in one piece. */
    abstract String whole(String text);

    /** What a stream says before its first word. */
    abstract byte[] begin();

    abstract byte[] text(String text);

    /** The frames after the last word. */
    abstract List<byte[]> end();

    /** An error in the middle of a stream. */
    abstract byte[] trouble();

    abstract String error(int status);

    /** The provider's name in configurations. */
    String provider() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The vendor that is tried after this one. */
    Vendor next() {
        return values()[(ordinal() + 1) % values().length];
    }

    /** The head of a stream and so many words. */
    Reply begun(int words) {
        return streamed(WORDS.subList(0, words));
    }

    private Reply streamed(List<String> words) {
        Reply reply = Reply.streamOf(streamType);
        reply = begin().length == 0 ? reply : reply.chunk(begin());
        for (String word : words) {
            reply = reply.chunk(text(word));
        }
        return reply;
    }

    Reply ended(Reply begun) {
        Reply reply = begun;
        for (byte[] frame : end()) {
            reply = reply.chunk(frame);
        }
        return reply.lastChunk();
    }

    /** The whole stream, as bytes. */
    byte[] stream() {
        List<byte[]> all = new ArrayList<>(List.of(begin()));
        WORDS.forEach(word -> all.add(text(word)));
        all.addAll(end());
        return joined(all.toArray(byte[][]::new));
    }

    Reply streamReply(byte[] stream) {
        return Reply.streamOf(streamType).chunk(stream).lastChunk();
    }

    Reply failed(int status, String... headers) {
        return Reply.json(status, error(status), headers);
    }

    /** Answers any request in its own dialect, and continues a begun answer. */
    Reply well(ReceivedRequest request) {
        if (!wantsStream(request)) {
            return Reply.json(200, whole(TEXT));
        }
        String rest = TEXT.substring(begunIn(request.body()).length());
        return ended(streamed(List.of(rest.split("(?= word)"))));
    }

    /** Begins from the start, although a continuation was requested. */
    Reply fromTheStart() {
        return ended(begun(WORDS.size()));
    }

    static String begunIn(String body) {
        Matcher begun = BEGUN.matcher(body);
        return begun.find() ? begun.group() : "";
    }

    static boolean wantsStream(ReceivedRequest request) {
        String line = request.head().lines().findFirst().orElseThrow();
        return line.contains("streamGenerateContent")
                || line.contains("/converse-stream ")
                || request.body().contains("\"stream\":true");
    }

    private static byte[] sse(String name, String data) {
        return ((name.isEmpty() ? "" : "event: " + name + "\n") + "data: " + data + "\n\n").getBytes(UTF_8);
    }

    static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }
}
