package dev.understudy.gateway.harm;

/** OpenAI's Chat Completions, with the reasoning and the comments of those who copied it. */
final class ChatFrames implements StreamFrames {
    private boolean calledTool;

    @Override
    public byte[] begin() {
        return chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    }

    @Override
    public byte[] ping() {
        return StreamFrames.bytes(": OPENROUTER PROCESSING\n\n");
    }

    @Override
    public byte[] reasoning(String piece) {
        return chunk("{\"reasoning_content\":\"" + StreamFrames.escaped(piece) + "\"}", "null");
    }

    @Override
    public byte[] text(String piece) {
        return chunk("{\"content\":\"" + StreamFrames.escaped(piece) + "\"}", "null");
    }

    @Override
    public byte[] toolCall() {
        calledTool = true;
        return chunk(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":"
                        + "{\"name\":\"weather\",\"arguments\":\"\"}}]}",
                "null");
    }

    @Override
    public byte[] arguments(String json) {
        return chunk(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + StreamFrames.escaped(json) + "\"}}]}",
                "null");
    }

    @Override
    public byte[] finish() {
        return chunk("{}", calledTool ? "\"tool_calls\"" : "\"stop\"");
    }

    @Override
    public byte[] usage() {
        return chunk("\"choices\":[],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":12,\"total_tokens\":17}");
    }

    @Override
    public byte[] done() {
        return StreamFrames.bytes(StreamFrames.data("[DONE]"));
    }

    private static byte[] chunk(String delta, String finish) {
        return chunk("\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]");
    }

    private static byte[] chunk(String members) {
        return StreamFrames.bytes(StreamFrames.data(
                "{\"id\":\"chatcmpl-9\",\"object\":\"chat.completion.chunk\",\"created\":7,\"model\":\"real\","
                        + members + "}"));
    }
}
