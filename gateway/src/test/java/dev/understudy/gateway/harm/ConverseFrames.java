package dev.understudy.gateway.harm;

import dev.understudy.gateway.crossing.AmazonFrames;
import java.io.ByteArrayOutputStream;

/** Bedrock's Converse. It has no pings: a delta of nothing is what comes nearest. */
final class ConverseFrames implements StreamFrames {
    private String open = "";
    private int index = -1;
    private boolean calledTool;

    @Override
    public byte[] begin() {
        return AmazonFrames.event("messageStart", "{\"role\":\"assistant\"}");
    }

    @Override
    public byte[] ping() {
        return switch (open) {
            case "reasoning" -> reasoning("");
            case "tool" -> arguments("");
            default -> text("");
        };
    }

    @Override
    public byte[] reasoning(String piece) {
        return delta("reasoning", "{\"reasoningContent\":{\"text\":\"" + StreamFrames.escaped(piece) + "\"}}");
    }

    @Override
    public byte[] text(String piece) {
        return delta("text", "{\"text\":\"" + StreamFrames.escaped(piece) + "\"}");
    }

    @Override
    public byte[] toolCall() {
        calledTool = true;
        return arguments("");
    }

    @Override
    public byte[] arguments(String json) {
        return delta("tool", "{\"toolUse\":{\"input\":\"" + StreamFrames.escaped(json) + "\"}}");
    }

    private byte[] delta(String kind, String delta) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        if (!open.equals(kind)) {
            frames.writeBytes(stop());
            open = kind;
            index++;
            if (kind.equals("tool")) {
                frames.writeBytes(AmazonFrames.event(
                        "contentBlockStart",
                        "{\"contentBlockIndex\":" + index
                                + ",\"start\":{\"toolUse\":{\"toolUseId\":\"tooluse_1\",\"name\":\"weather\"}}}"));
            }
        }
        frames.writeBytes(AmazonFrames.event(
                "contentBlockDelta", "{\"contentBlockIndex\":" + index + ",\"delta\":" + delta + "}"));
        return frames.toByteArray();
    }

    private byte[] stop() {
        return open.isEmpty()
                ? new byte[0]
                : AmazonFrames.event("contentBlockStop", "{\"contentBlockIndex\":" + index + "}");
    }

    @Override
    public byte[] finish() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        frames.writeBytes(stop());
        open = "";
        frames.writeBytes(AmazonFrames.event(
                "messageStop", "{\"stopReason\":\"" + (calledTool ? "tool_use" : "end_turn") + "\"}"));
        return frames.toByteArray();
    }

    @Override
    public byte[] usage() {
        return AmazonFrames.event(
                "metadata",
                "{\"usage\":{\"inputTokens\":5,\"outputTokens\":12,\"totalTokens\":17},\"metrics\":"
                        + "{\"latencyMs\":9}}");
    }

    @Override
    public byte[] done() {
        return new byte[0];
    }
}
