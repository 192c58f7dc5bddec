package dev.understudy.client.openai;

/**
 * The bodies of good replies of OpenAI's APIs, so that no attempt fails. Those of paths that are no calls of models say nothing in
 * particular.
 */
final class GoodReplies {
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}";

    private GoodReplies() {}

    static String whole(String path) {
        return switch (path) {
            case "POST /v1/chat/completions" ->
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
                        + "{\"role\":\"assistant\",\"content\":\"Hi\",\"new_field\":[1]},\"finish_reason\":\"stop\"}],"
                        + USAGE + "}";
            case "POST /v1/completions" ->
                "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"text\":\"Hi\","
                        + "\"logprobs\":null,\"finish_reason\":\"stop\"}]," + USAGE + "}";
            case "POST /v1/responses" -> response();
            case "POST /v1/embeddings" ->
                "{\"object\":\"list\",\"model\":\"m\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.5]}],"
                        + "\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}";
            case "POST /v1/images/generations", "POST /v1/images/edits", "POST /v1/images/variations" ->
                "{\"created\":1,\"data\":[{\"b64_json\":\"aGk=\"}]}";
            case "POST /v1/audio/speech" -> "bytes of a sound";
            case "POST /v1/audio/transcriptions", "POST /v1/audio/translations" -> "{\"text\":\"Hi\"}";
            case "POST /v1/moderations" ->
                "{\"id\":\"m\",\"model\":\"m\",\"results\":[{\"flagged\":false,\"categories\":{},\"category_scores\":{}}]}";
            default ->
                "{\"id\":\"thing_1\",\"created_at\":1,\"new_field\":{\"a\":[1,null]},\"data\":[],\"has_more\":false}";
        };
    }

    private static String response() {
        return "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1,\"status\":\"completed\",\"model\":\"m\",\"output\":[{"
                + "\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":"
                + "\"output_text\",\"text\":\"Hi\",\"annotations\":[]}]}],\"usage\":{\"input_tokens\":1,\"output_tokens\":1,"
                + "\"total_tokens\":2}}";
    }

    static String stream(String path) {
        return switch (path) {
            case "POST /v1/chat/completions" ->
                data(
                                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                                        + "\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":null}]}")
                        + data(
                                "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                                        + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
                        + data("[DONE]");
            case "POST /v1/completions" ->
                data(
                                "{\"id\":\"c\",\"object\":\"text_completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                                        + "\"text\":\"Hi\",\"logprobs\":null,\"finish_reason\":\"stop\"}]}")
                        + data("[DONE]");
            case "POST /v1/responses" ->
                event("response.created", "\"response\":" + response().replace("completed", "in_progress"))
                        + event(
                                "response.output_text.delta",
                                "\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\"Hi\"")
                        + event("response.completed", "\"response\":" + response());
            case "POST /v1/images/generations" -> event("image_generation.completed", "\"b64_json\":\"aGk=\"");
            case "POST /v1/images/edits" -> event("image_edit.completed", "\"b64_json\":\"aGk=\"");
            case "POST /v1/audio/transcriptions" ->
                event("transcript.text.delta", "\"delta\":\"Hi\"") + event("transcript.text.done", "\"text\":\"Hi\"");
            default -> data("{\"id\":\"thing_1\",\"object\":\"thing\"}") + data("[DONE]");
        };
    }

    private static String data(String data) {
        return "data: " + data + "\n\n";
    }

    private static String event(String type, String members) {
        return "event: " + type + "\n" + data("{\"type\":\"" + type + "\",\"sequence_number\":1," + members + "}");
    }
}
