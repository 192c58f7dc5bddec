package dev.understudy.rehearsal;

import java.util.List;

/** A call of the first tool that the caller offers, or of {@code get_weather} if it offers none. */
final class ToolCallScene {

    private static final List<String> ARGUMENTS =
            List.of("{\"", "city", "\":\"", "Paris", "\",\"", "unit", "\":\"", "celsius", "\"}");

    private ToolCallScene() {}

    static Script play(Cue cue) {
        boolean cut = cue.parameters().flag("cut");
        List<String> arguments = cut ? ARGUMENTS.subList(0, ARGUMENTS.size() / 2) : ARGUMENTS;
        return cue.request().stream() ? streamed(cue, arguments, cut) : whole(cue, arguments, cut);
    }

    private static Script streamed(Cue cue, List<String> arguments, boolean cut) {
        ChatJson json = new ChatJson(cue);
        StreamWriter stream = StreamWriter.open(cue)
                .pause(cue.ttft())
                .data(json.chunk(
                        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + call(cue, "\"index\":0,", "")
                                + "],\"refusal\":null}",
                        "null"));
        for (String piece : arguments) {
            stream.pause(cue.gap())
                    .data(json.chunk(
                            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":" + ChatJson.quote(piece)
                                    + "}}]}",
                            "null"));
        }
        return cut ? stream.close() : stream.finishWell(new Answer(arguments, "tool_calls"));
    }

    private static Script whole(Cue cue, List<String> arguments, boolean cut) {
        String said = String.join("", arguments);
        String message = "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[" + call(cue, "", said)
                + "],\"refusal\":null}";
        String body = new ChatJson(cue).completion(message, "\"tool_calls\"", arguments.size());
        BodyWriter writer = BodyWriter.after(cue.ttft(), cue);
        if (!cut) {
            return writer.json(body);
        }
        String escaped = ChatJson.escape(said);
        return writer.start(body, body.substring(0, body.lastIndexOf(escaped) + escaped.length()))
                .close();
    }

    private static String call(Cue cue, String index, String arguments) {
        String name = cue.request().tool().orElse("get_weather");
        return "{" + index + "\"id\":" + ChatJson.quote("call_" + cue.id()) + ",\"type\":\"function\",\"function\":{"
                + "\"name\":" + ChatJson.quote(name) + ",\"arguments\":" + ChatJson.quote(arguments) + "}}";
    }
}
