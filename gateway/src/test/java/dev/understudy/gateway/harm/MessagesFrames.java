package dev.understudy.gateway.harm;

/** Anthropic's Messages. */
final class MessagesFrames implements StreamFrames {
    private String open = "";
    private int index = -1;
    private boolean calledTool;

    @Override
    public byte[] begin() {
        return StreamFrames.bytes(StreamFrames.event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_9\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"real\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}"));
    }

    @Override
    public byte[] ping() {
        return StreamFrames.bytes(StreamFrames.event("ping", "{\"type\":\"ping\"}"));
    }

    @Override
    public byte[] reasoning(String piece) {
        return delta(
                "thinking",
                "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                "{\"type\":\"thinking_delta\",\"thinking\":\"" + StreamFrames.escaped(piece) + "\"}");
    }

    @Override
    public byte[] text(String piece) {
        return delta(
                "text",
                "{\"type\":\"text\",\"text\":\"\"}",
                "{\"type\":\"text_delta\",\"text\":\"" + StreamFrames.escaped(piece) + "\"}");
    }

    @Override
    public byte[] toolCall() {
        calledTool = true;
        return arguments("");
    }

    @Override
    public byte[] arguments(String json) {
        return delta(
                "tool_use",
                "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{}}",
                "{\"type\":\"input_json_delta\",\"partial_json\":\"" + StreamFrames.escaped(json) + "\"}");
    }

    private byte[] delta(String kind, String block, String delta) {
        String frames = "";
        if (!open.equals(kind)) {
            frames = stop();
            open = kind;
            index++;
            frames += StreamFrames.event(
                    "content_block_start",
                    "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}");
        }
        return StreamFrames.bytes(frames + blockDelta(delta));
    }

    private String blockDelta(String delta) {
        return StreamFrames.event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}");
    }

    private String stop() {
        if (open.isEmpty()) {
            return "";
        }
        String signature = open.equals("thinking")
                ? blockDelta("{\"type\":\"signature_delta\",\"signature\":\"c2lnbmF0dXJl\"}")
                : "";
        return signature
                + StreamFrames.event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + index + "}");
    }

    @Override
    public byte[] finish() {
        String last = stop();
        open = "";
        return StreamFrames.bytes(last
                + StreamFrames.event(
                        "message_delta",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
                                + (calledTool ? "tool_use" : "end_turn")
                                + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":12}}"));
    }

    @Override
    public byte[] usage() {
        return new byte[0];
    }

    @Override
    public byte[] done() {
        return StreamFrames.bytes(StreamFrames.event("message_stop", "{\"type\":\"message_stop\"}"));
    }
}
