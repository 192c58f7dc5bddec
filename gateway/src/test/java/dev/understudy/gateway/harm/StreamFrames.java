package dev.understudy.gateway.harm;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The frames of one streamed response of a provider, in its dialect. Stateful: frames are numbered and blocks opened. */
interface StreamFrames {
    /** What comes before any content. */
    byte[] begin();

    /** A sign of life and nothing else. */
    byte[] ping();

    byte[] reasoning(String piece);

    byte[] text(String piece);

    /** The beginning of a tool call: its name. */
    byte[] toolCall();

    /** A piece of the call's arguments. */
    byte[] arguments(String json);

    /** The terminal mark: why the answer ended. */
    byte[] finish();

    byte[] usage();

    /** What comes last. */
    byte[] done();

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String data(String json) {
        return "data: " + json + "\n\n";
    }

    static String event(String name, String json) {
        return "event: " + name + "\n" + data(json);
    }

    /** As it stands inside a JSON string. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
