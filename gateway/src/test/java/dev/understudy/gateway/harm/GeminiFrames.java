package dev.understudy.gateway.harm;

/** Gemini's generateContent, which gives a tool call in one piece. */
final class GeminiFrames implements StreamFrames {
    private final StringBuilder arguments = new StringBuilder();

    @Override
    public byte[] begin() {
        return new byte[0];
    }

    @Override
    public byte[] ping() {
        return StreamFrames.bytes(": ping\n\n");
    }

    @Override
    public byte[] reasoning(String piece) {
        return part("{\"text\":\"" + StreamFrames.escaped(piece) + "\",\"thought\":true}", "");
    }

    @Override
    public byte[] text(String piece) {
        return part("{\"text\":\"" + StreamFrames.escaped(piece) + "\"}", "");
    }

    @Override
    public byte[] toolCall() {
        return new byte[0];
    }

    @Override
    public byte[] arguments(String json) {
        arguments.append(json);
        return new byte[0];
    }

    @Override
    public byte[] finish() {
        String last = arguments.isEmpty()
                ? "{\"text\":\"\"}"
                : "{\"functionCall\":{\"name\":\"weather\",\"args\":" + arguments + "}}";
        return part(last, ",\"finishReason\":\"STOP\"");
    }

    @Override
    public byte[] usage() {
        return new byte[0];
    }

    @Override
    public byte[] done() {
        return new byte[0];
    }

    private static byte[] part(String part, String finish) {
        return StreamFrames.bytes(StreamFrames.data(candidate(part, finish)));
    }

    static String candidate(String part, String finish) {
        return "{\"candidates\":[{\"content\":{\"parts\":[" + part + "],\"role\":\"model\"}" + finish
                + ",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":12,"
                + "\"totalTokenCount\":17},\"modelVersion\":\"real\",\"responseId\":\"resp-9\"}";
    }
}
