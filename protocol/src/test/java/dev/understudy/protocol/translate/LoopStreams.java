package dev.understudy.protocol.translate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.understudy.protocol.eventstream.EventStreamText;
import java.io.ByteArrayOutputStream;

/** The streams of the vendors in an agent loop: the same answers as their whole ones. */
final class LoopStreams {
    private LoopStreams() {}

    static byte[] of(LoopVendor vendor, int turn) {
        return of(vendor, turn, "f");
    }

    /** @param tool the name of the tool that is called */
    static byte[] of(LoopVendor vendor, int turn, String tool) {
        return switch (vendor) {
            case OPENAI -> chat(tool, turn, "", "call_0", "call_1");
            case DEEPSEEK -> chat(tool, turn, "deep", "call_0", "call_0");
            case KIMI -> chat(tool, turn, "kimi", "functions.f:0", "functions.f:1");
            case MISTRAL -> chat(tool, turn, "", "abcdefghi", "abcdefghj");
            case ANTHROPIC -> anthropic(tool, turn);
            case GEMINI -> gemini(tool, turn);
            case BEDROCK -> bedrock(tool, turn);
            case RESPONSES -> responses(tool, turn);
        };
    }

    private static byte[] chat(String tool, int turn, String reasoning, String first, String second) {
        StringBuilder stream = new StringBuilder();
        chunk(stream, "{\"role\":\"assistant\",\"content\":\"\"}", "null");
        if (!reasoning.isEmpty()) {
            chunk(stream, "{\"reasoning_content\":\"" + reasoning.substring(0, 2) + "\"}", "null");
            chunk(stream, "{\"reasoning_content\":\"" + reasoning.substring(2) + "\"}", "null");
        }
        chunk(stream, "{\"content\":\"look \"}", "null");
        chunk(stream, "{\"content\":\"" + turn + "\"}", "null");
        chunk(stream, call(tool, 0, first, "{\\\"st"), "null");
        chunk(stream, more(0, "ep\\\":" + turn + "}"), "null");
        chunk(stream, call(tool, 1, second, "{}"), "null");
        chunk(stream, "{}", "\"tool_calls\"");
        return stream.append("data: [DONE]\n\n").toString().getBytes(UTF_8);
    }

    private static String call(String tool, int index, String id, String arguments) {
        return "{\"tool_calls\":[{\"index\":" + index + ",\"id\":\"" + id
                + "\",\"type\":\"function\",\"function\":{\"name\":\"" + tool + "\",\"arguments\":\"" + arguments
                + "\"}}]}";
    }

    private static String more(int index, String arguments) {
        return "{\"tool_calls\":[{\"index\":" + index + ",\"function\":{\"arguments\":\"" + arguments + "\"}}]}";
    }

    private static void chunk(StringBuilder to, String delta, String finish) {
        to.append("""
                data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":%s,\
                "finish_reason":%s}]}

                """.formatted(delta, finish));
    }

    private static byte[] anthropic(String tool, int turn) {
        StringBuilder stream = new StringBuilder();
        event(stream, "message_start", """
                "message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,\
                "usage":{"input_tokens":1,"output_tokens":1}}""");
        block(stream, 0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}", """
                {"type":"thinking_delta","thinking":"claude"}""", """
                {"type":"signature_delta","signature":"Y2xhdWRl"}""");
        block(stream, 1, "{\"type\":\"text\",\"text\":\"\"}", "{\"type\":\"text_delta\",\"text\":\"look\"}");
        block(
                stream,
                2,
                "{\"type\":\"tool_use\",\"id\":\"toolu_" + turn + "\",\"name\":\"" + tool + "\",\"input\":{}}",
                "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"step\\\":\"}",
                "{\"type\":\"input_json_delta\",\"partial_json\":\"" + turn + "}\"}");
        block(
                stream,
                3,
                "{\"type\":\"tool_use\",\"id\":\"toolu_" + turn + "b\",\"name\":\"" + tool + "\",\"input\":{}}");
        event(stream, "message_delta", """
                "delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}""");
        return stream.append("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
                .toString()
                .getBytes(UTF_8);
    }

    private static void block(StringBuilder to, int index, String start, String... deltas) {
        event(to, "content_block_start", "\"index\":" + index + ",\"content_block\":" + start);
        for (String delta : deltas) {
            event(to, "content_block_delta", "\"index\":" + index + ",\"delta\":" + delta);
        }
        event(to, "content_block_stop", "\"index\":" + index);
    }

    private static void event(StringBuilder to, String type, String members) {
        to.append("event: ")
                .append(type)
                .append("\ndata: {\"type\":\"")
                .append(type)
                .append("\",");
        to.append(members).append("}\n\n");
    }

    private static byte[] gemini(String tool, int turn) {
        StringBuilder stream = new StringBuilder();
        parts(stream, "{\"text\":\"ge\",\"thought\":true}", "");
        parts(stream, "{\"text\":\"m\",\"thought\":true}", "");
        parts(
                stream,
                "{\"functionCall\":{\"name\":\"" + tool + "\",\"args\":{\"step\":" + turn
                        + "}},\"thoughtSignature\":\"Z2Vt\"}",
                "");
        parts(stream, "{\"functionCall\":{\"name\":\"" + tool + "\",\"args\":{}}}", "");
        parts(stream, "{\"text\":\"\"}", ",\"finishReason\":\"STOP\"");
        return stream.toString().getBytes(UTF_8);
    }

    private static void parts(StringBuilder to, String part, String end) {
        to.append("data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[")
                .append(part);
        to.append("]},\"index\":0").append(end).append("}],\"responseId\":\"r\"}\n\n");
    }

    private static byte[] bedrock(String tool, int turn) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        frame(stream, "messageStart", "{\"role\":\"assistant\"}");
        delta(stream, 0, "{\"reasoningContent\":{\"text\":\"claude\"}}");
        delta(stream, 0, "{\"reasoningContent\":{\"signature\":\"Y2xhdWRl\"}}");
        stop(stream, 0);
        delta(stream, 1, "{\"text\":\"look\"}");
        stop(stream, 1);
        tool(stream, tool, 2, "tooluse_" + turn);
        delta(stream, 2, "{\"toolUse\":{\"input\":\"{\\\"step\\\":\"}}");
        delta(stream, 2, "{\"toolUse\":{\"input\":\"" + turn + "}\"}}");
        stop(stream, 2);
        tool(stream, tool, 3, "tooluse_" + turn + "b");
        stop(stream, 3);
        frame(stream, "messageStop", "{\"stopReason\":\"tool_use\"}");
        frame(stream, "metadata", "{\"usage\":{\"inputTokens\":1,\"outputTokens\":1,\"totalTokens\":2}}");
        return stream.toByteArray();
    }

    private static void tool(ByteArrayOutputStream to, String tool, int index, String id) {
        frame(
                to,
                "contentBlockStart",
                "{\"contentBlockIndex\":" + index + ",\"start\":{\"toolUse\":{\"toolUseId\":\"" + id + "\",\"name\":\""
                        + tool + "\"}}}");
    }

    private static void delta(ByteArrayOutputStream to, int index, String delta) {
        frame(to, "contentBlockDelta", "{\"contentBlockIndex\":" + index + ",\"delta\":" + delta + "}");
    }

    private static void stop(ByteArrayOutputStream to, int index) {
        frame(to, "contentBlockStop", "{\"contentBlockIndex\":" + index + "}");
    }

    private static void frame(ByteArrayOutputStream to, String name, String json) {
        EventStreamText.append(to, name, out -> out.writeRawValue(json));
    }

    private static byte[] responses(String tool, int turn) {
        String whole = LoopVendor.RESPONSES.answer(turn).replace("\"f\"", "\"" + tool + "\"");
        String reasoning =
                "{\"type\":\"reasoning\",\"id\":\"rs_0" + turn + "\",\"summary\":%s,\"encrypted_content\":\"%s\"}";
        String part = "\"item_id\":\"rs_0" + turn + "\",\"output_index\":0,\"summary_index\":0,";
        StringBuilder stream = new StringBuilder();
        event(stream, "response.created", """
                "sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"m",\
                "output":[]}""");
        event(stream, "response.output_item.added", "\"output_index\":0,\"item\":" + reasoning.formatted("[]", ""));
        event(
                stream,
                "response.reasoning_summary_part.added",
                part + "\"part\":{\"type\":\"summary_text\",\"text\":\"\"}");
        event(stream, "response.reasoning_summary_text.delta", part + "\"delta\":\"open\"");
        event(stream, "response.reasoning_summary_text.done", part + "\"text\":\"open\"");
        event(
                stream,
                "response.reasoning_summary_part.done",
                part + "\"part\":{\"type\":\"summary_text\",\"text\":\"open\"}");
        event(
                stream,
                "response.output_item.done",
                "\"output_index\":0,\"item\":"
                        + reasoning.formatted("[{\"type\":\"summary_text\",\"text\":\"open\"}]", "b3Blbg"));
        item(stream, tool, 1, "fc_" + turn, "call_r" + turn, "{\\\"step\\\":" + turn + "}");
        item(stream, tool, 2, "fc_" + turn + "b", "call_r" + turn + "b", "{}");
        event(stream, "response.completed", "\"response\":" + whole);
        return stream.toString().getBytes(UTF_8);
    }

    private static void item(StringBuilder to, String tool, int index, String id, String call, String arguments) {
        String item = "{\"type\":\"function_call\",\"id\":\"" + id + "\",\"call_id\":\"" + call + "\",\"name\":\""
                + tool + "\",\"arguments\":\"%s\",\"status\":\"%s\"}";
        String place = "\"item_id\":\"" + id + "\",\"output_index\":" + index + ",";
        event(
                to,
                "response.output_item.added",
                "\"output_index\":" + index + ",\"item\":" + item.formatted("", "in_progress"));
        event(to, "response.function_call_arguments.delta", place + "\"delta\":\"" + arguments + "\"");
        event(
                to,
                "response.function_call_arguments.done",
                place + "\"name\":\"" + tool + "\",\"arguments\":\"" + arguments + "\"");
        event(
                to,
                "response.output_item.done",
                "\"output_index\":" + index + ",\"item\":" + item.formatted(arguments, "completed"));
    }
}
