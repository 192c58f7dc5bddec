package dev.understudy.gateway.harm;

import java.util.ArrayList;
import java.util.List;

/** OpenAI's Responses: items with parts, all of them numbered, and all of it repeated at the end. */
final class ResponsesFrames implements StreamFrames {
    private final List<String> items = new ArrayList<>();
    private final StringBuilder content = new StringBuilder();
    private int sequence;
    private String open = "";

    @Override
    public byte[] begin() {
        return StreamFrames.bytes(event("response.created", "\"response\":" + response("in_progress"))
                + event("response.in_progress", "\"response\":" + response("in_progress")));
    }

    @Override
    public byte[] ping() {
        return StreamFrames.bytes(": keepalive\n\n");
    }

    @Override
    public byte[] reasoning(String piece) {
        String frames = "";
        if (!open.equals("rs")) {
            frames = close();
            open = "rs";
            frames += event(
                            "response.output_item.added",
                            index() + ",\"item\":{\"id\":" + id() + ",\"type\":\"reasoning\",\"summary\":[]}")
                    + event(
                            "response.reasoning_summary_part.added",
                            place("summary_index") + ",\"part\":{\"type\":\"summary_text\",\"text\":\"\"}");
        }
        content.append(piece);
        return StreamFrames.bytes(frames
                + event(
                        "response.reasoning_summary_text.delta",
                        place("summary_index") + ",\"delta\":\"" + StreamFrames.escaped(piece) + "\""));
    }

    @Override
    public byte[] text(String piece) {
        String frames = "";
        if (!open.equals("msg")) {
            frames = close();
            open = "msg";
            frames += event(
                            "response.output_item.added",
                            index() + ",\"item\":{\"id\":" + id()
                                    + ",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\","
                                    + "\"content\":[]}")
                    + event(
                            "response.content_part.added",
                            place("content_index")
                                    + ",\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[]}");
        }
        content.append(piece);
        return StreamFrames.bytes(frames
                + event(
                        "response.output_text.delta",
                        place("content_index") + ",\"delta\":\"" + StreamFrames.escaped(piece) + "\""));
    }

    @Override
    public byte[] toolCall() {
        String frames = close();
        open = "fc";
        return StreamFrames.bytes(
                frames + event("response.output_item.added", index() + ",\"item\":" + call("in_progress", "")));
    }

    @Override
    public byte[] arguments(String json) {
        content.append(json);
        return StreamFrames.bytes(event(
                "response.function_call_arguments.delta",
                "\"item_id\":" + id() + "," + index() + ",\"delta\":\"" + StreamFrames.escaped(json) + "\""));
    }

    private String call(String status, String arguments) {
        return "{\"id\":" + id() + ",\"type\":\"function_call\",\"status\":\"" + status
                + "\",\"call_id\":\"call_1\",\"name\":\"weather\",\"arguments\":\"" + StreamFrames.escaped(arguments)
                + "\"}";
    }

    /** Ends the item that is open. */
    private String close() {
        String text = StreamFrames.escaped(content.toString());
        String frames = switch (open) {
            case "rs" -> {
                String part = "{\"type\":\"summary_text\",\"text\":\"" + text + "\"}";
                yield event(
                                "response.reasoning_summary_text.done",
                                place("summary_index") + ",\"text\":\"" + text + "\"")
                        + event("response.reasoning_summary_part.done", place("summary_index") + ",\"part\":" + part)
                        + done("{\"id\":" + id() + ",\"type\":\"reasoning\",\"summary\":[" + part + "]}");
            }
            case "msg" -> {
                String part = "{\"type\":\"output_text\",\"text\":\"" + text + "\",\"annotations\":[]}";
                yield event("response.output_text.done", place("content_index") + ",\"text\":\"" + text + "\"")
                        + event("response.content_part.done", place("content_index") + ",\"part\":" + part)
                        + done("{\"id\":" + id()
                                + ",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\","
                                + "\"content\":[" + part + "]}");
            }
            case "fc" ->
                event(
                                "response.function_call_arguments.done",
                                "\"item_id\":" + id() + "," + index() + ",\"arguments\":\"" + text + "\"")
                        + done(call("completed", content.toString()));
            default -> "";
        };
        content.setLength(0);
        open = "";
        return frames;
    }

    private String done(String item) {
        String frame = event("response.output_item.done", index() + ",\"item\":" + item);
        items.add(item);
        return frame;
    }

    @Override
    public byte[] finish() {
        return StreamFrames.bytes(close());
    }

    @Override
    public byte[] usage() {
        return new byte[0];
    }

    @Override
    public byte[] done() {
        return StreamFrames.bytes(event("response.completed", "\"response\":" + response("completed")));
    }

    private String id() {
        return "\"" + open + "_" + items.size() + "\"";
    }

    private String index() {
        return "\"output_index\":" + items.size();
    }

    private String place(String part) {
        return "\"item_id\":" + id() + "," + index() + ",\"" + part + "\":0";
    }

    private String response(String status) {
        return whole(status, String.join(",", items));
    }

    static String whole(String status, String items) {
        return "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":7,\"status\":\"" + status
                + "\",\"model\":\"real\",\"output\":[" + items
                + "],\"usage\":{\"input_tokens\":5,\"output_tokens\":12,\"total_tokens\":17}}";
    }

    private String event(String name, String members) {
        return StreamFrames.event(
                name, "{\"type\":\"" + name + "\",\"sequence_number\":" + sequence++ + "," + members + "}");
    }
}
