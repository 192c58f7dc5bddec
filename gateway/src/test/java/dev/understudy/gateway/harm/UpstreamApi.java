package dev.understudy.gateway.harm;

import dev.understudy.gateway.crossing.ClientDialect;
import dev.understudy.testing.wire.ReceivedRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The five dialects as providers speak them; all of them at one upstream, told apart by the path. */
enum UpstreamApi {
    CHAT("/chat/completions", ClientDialect.CHAT) {
        @Override
        StreamFrames frames() {
            return new ChatFrames();
        }

        @Override
        String whole(String text) {
            return "{\"id\":\"chatcmpl-9\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"real\",\"choices\":"
                    + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + StreamFrames.escaped(text)
                    + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":12,"
                    + "\"total_tokens\":17}}";
        }
    },
    RESPONSES("/responses", ClientDialect.RESPONSES) {
        @Override
        StreamFrames frames() {
            return new ResponsesFrames();
        }

        @Override
        String whole(String text) {
            return ResponsesFrames.whole(
                    "completed",
                    "{\"id\":\"msg_0\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":"
                            + "[{\"type\":\"output_text\",\"text\":\"" + StreamFrames.escaped(text)
                            + "\",\"annotations\":[]}]}");
        }
    },
    MESSAGES("/messages", ClientDialect.MESSAGES) {
        @Override
        StreamFrames frames() {
            return new MessagesFrames();
        }

        @Override
        String whole(String text) {
            return "{\"id\":\"msg_9\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"real\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":\"" + StreamFrames.escaped(text)
                    + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":5,\"output_tokens\":12}}";
        }
    },
    GEMINI("enerateContent", ClientDialect.GEMINI) {
        @Override
        StreamFrames frames() {
            return new GeminiFrames();
        }

        @Override
        String whole(String text) {
            return GeminiFrames.candidate(
                    "{\"text\":\"" + StreamFrames.escaped(text) + "\"}", ",\"finishReason\":\"STOP\"");
        }
    },
    CONVERSE("/converse", ClientDialect.CONVERSE) {
        @Override
        StreamFrames frames() {
            return new ConverseFrames();
        }

        @Override
        String whole(String text) {
            return "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\""
                    + StreamFrames.escaped(text)
                    + "\"}]}},\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":5,\"outputTokens\":12,"
                    + "\"totalTokens\":17},\"metrics\":{\"latencyMs\":9}}";
        }
    };

    private static final Pattern MODEL_IN_PATH = Pattern.compile("/models?/([^/: ?]+)");
    private static final Pattern MODEL_IN_BODY = Pattern.compile("\"model\":\"([^\"]+)\"");

    private final String path;
    private final ClientDialect caller;

    UpstreamApi(String path, ClientDialect caller) {
        this.path = path;
        this.caller = caller;
    }

    /** A new stream. */
    abstract StreamFrames frames();

    /** The body of an answer that is not streamed. */
    abstract String whole(String text);

    /** The caller who speaks the same dialect. */
    ClientDialect caller() {
        return caller;
    }

    String streamType() {
        return this == CONVERSE ? "application/vnd.amazon.eventstream" : "text/event-stream";
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    UpstreamApi next() {
        return values()[(ordinal() + 1) % values().length];
    }

    /**
     * A provider in the configuration.
     *
     * @param port an environment variable, in braces, or a number
     */
    String provider(String name, String port) {
        String address = "http://127.0.0.1:" + port;
        String members = switch (this) {
            case CHAT -> "dialect: openai, responses: false, base-url: \"" + address + "/v1\"";
            case RESPONSES -> "dialect: openai-responses, base-url: \"" + address + "/v1\"";
            case MESSAGES -> "dialect: anthropic, base-url: \"" + address + "\"";
            case GEMINI -> "dialect: gemini, base-url: \"" + address + "/v1beta\"";
            case CONVERSE -> "dialect: bedrock, base-url: \"" + address + "\"";
        };
        return "  " + name + ": {" + members + ", api-key: key-of-" + name + "}\n";
    }

    private static String requestLine(ReceivedRequest request) {
        return request.head().lines().findFirst().orElseThrow();
    }

    /** Which of them a request is put in. */
    static UpstreamApi of(ReceivedRequest request) {
        String line = requestLine(request);
        for (UpstreamApi api : values()) {
            if (line.contains(api.path)) {
                return api;
            }
        }
        throw new AssertionError("not a path of theirs: " + line);
    }

    static boolean wantsStream(ReceivedRequest request) {
        String line = requestLine(request);
        return line.contains("streamGenerateContent")
                || line.contains("/converse-stream ")
                || request.body().contains("\"stream\":true");
    }

    static String modelOf(ReceivedRequest request) {
        Matcher inPath = MODEL_IN_PATH.matcher(requestLine(request));
        if (inPath.find()) {
            return inPath.group(1);
        }
        Matcher inBody = MODEL_IN_BODY.matcher(request.body());
        if (inBody.find()) {
            return inBody.group(1);
        }
        throw new AssertionError("no model in " + request.body());
    }
}
