package dev.understudy.protocol.dialect.openai;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes streams and whole answers of Chat Completions from a seed: every member that a provider is known to send, in
 * combinations that none of them sends, sometimes cut.
 */
public final class GeneratedChats {
    private static final List<String> DELTAS = List.of(
            "\"content\":\"Hello\"",
            "\"content\":\" world\"",
            "\"content\":\"Gr\\u00fc\\u00dfe 🎭\"",
            "\"content\":\"half \\ud83c\"",
            "\"content\":\"four letters, thrice\"",
            "\"content\":\"\"",
            "\"content\":null",
            "\"content\":7",
            "\"content\":\" \\n\\t\\u00a0\\u200b\"",
            "\"content\":[]",
            "\"content\":[\"x\",{\"type\":\"text\",\"text\":\"y\"}]",
            "\"content\":[{\"type\":\"text\",\"text\":\" \"}]",
            "\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm\"}]}]",
            "\"content\":[{\"type\":\"thinking\",\"thinking\":\"Hm\"},{\"type\":\"text\",\"text\":\"so\"}]",
            "\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://x.org/i\"}}]",
            "\"role\":\"assistant\"",
            "\"refusal\":\"No\"",
            "\"refusal\":\"\"",
            "\"refusal\":null",
            "\"reasoning\":\"Hm\"",
            "\"reasoning\":\"\\n\"",
            "\"reasoning_content\":\"Hm\"",
            "\"reasoning_content\":\"\"",
            "\"reasoning_content\":1.5",
            "\"reasoning\":\"Hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"Hm\"}]",
            "\"reasoning_details\":[{\"type\":\"reasoning.encrypted\",\"data\":\"x\"}]",
            "\"reasoning_details\":[]",
            "\"reasoning_details\":[{}],\"thinking_blocks\":[{\"type\":\"thinking\"}]",
            "\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"s\"}]",
            "\"reasoning_content\":\"Hm\",\"thinking_blocks\":[{\"thinking\":\"Hm\",\"signature\":\"\"}]",
            "\"reasoning_content\":\"Hm\",\"content\":\"x\"",
            "\"tool_calls\":[]",
            "\"tool_calls\":null",
            "\"tool_calls\":[{}]",
            "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]",
            "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":\"}}]",
            "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]",
            "\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]",
            "\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]",
            "\"tool_calls\":[{\"id\":\"d\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":[1]}}}]",
            "\"tool_calls\":[{\"index\":0,\"id\":\"e\",\"type\":\"custom\",\"custom\":{\"name\":\"f\",\"input\":\"x = 1\"}}]",
            "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}},"
                    + "{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]",
            "\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}",
            "\"function_call\":{\"arguments\":\"{}\"}",
            "\"function_call\":{}",
            "\"function_call\":null",
            "\"audio\":{\"id\":\"a\",\"transcript\":\"said\"}",
            "\"audio\":{\"data\":\"UklGRg==\"}",
            "\"audio\":{}",
            "\"images\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/webp;base64,AA\"}}]",
            "\"images\":[]",
            "\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"u\",\"title\":\"t\"}}]",
            "\"unknown\":{\"content\":\"x\"}");

    private static final List<String> FINISHES = List.of(
            "stop",
            "stop",
            "stop",
            "length",
            "tool_calls",
            "function_call",
            "content_filter",
            "end_turn",
            "MAX_TOKENS",
            "SAFETY",
            "whim",
            "error",
            "abort",
            "insufficient_system_resource",
            "network_error",
            "");

    private static final List<String> EXTRAS = List.of(
            "\"usage\":null",
            "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}",
            "\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}",
            "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":4,\"total_tokens\":20}",
            "\"usage\":{\"total_tokens\":9}",
            "\"usage\":{\"prompt_tokens\":1e99,\"completion_tokens\":-1}",
            "\"usage\":{}",
            "\"system_fingerprint\":\"fp\"",
            "\"service_tier\":\"default\"",
            "\"error\":null",
            "\"error\":false",
            "\"object\":\"chat.completion.chunk\"",
            "\"type\":7",
            "\"x_groq\":{\"id\":\"r\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5}}",
            "\"prompt_filter_results\":[{}]");

    private static final List<String> ODD = List.of(
            "data: {}\n\n",
            "data: {\"choices\":[null]}\n\n",
            "data: {\"choices\":[{}]}\n\n",
            "data: {\"choices\":null}\n\n",
            ": ping\n\n",
            "data:\n\n",
            "event: ping\ndata: {\"type\": \"ping\"}\n\n",
            "data: {\"error\":{\"message\":\"m\",\"code\":429}}\n\n",
            "event: error\ndata: {\"message\":\"m\",\"code\":429}\n\n",
            "event: error\n\n",
            "data: {\"object\":\"error\",\"message\":\"m\",\"code\":429}\n\n",
            "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"error\":{\"code\":502,\"message\":\"m\"}}]}\n\n",
            "data: {\"choices\":[],\"x_groq\":{\"error\":\"m: over capacity\"}}\n\n",
            "data: nonsense\n\n",
            "data: []\n\n",
            "data: {\"choices\":[\n\n",
            "data: {} {}\n\n",
            "data: [DONE]\n\n",
            "data: {\"choices\":[{\"index\":2,\"delta\":{\"role\":\"assistant\",\"reasoning_content\":1.5}}]}\n\n",
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}},{\"index\":-5}]}\n\n");

    private final Random random;

    public GeneratedChats(long seed) {
        random = new Random(seed);
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    /** The bytes of a stream; {@code choices} is how many were requested. */
    public byte[] stream(int choices) {
        StringBuilder body = new StringBuilder();
        if (oneIn(2)) {
            body.append(event("\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null", 1));
        }
        for (int i = 1; i < choices; i++) {
            body.append(event("\"index\":" + i + ",\"delta\":{\"content\":\"x\"}", choices));
        }
        List<String> liked = List.of(any(DELTAS), any(DELTAS), any(DELTAS));
        for (int i = random.nextInt(6); i > 0; i--) {
            body.append(oneIn(12) ? any(ODD) : event(choice(oneIn(3) ? any(DELTAS) : any(liked), "delta"), choices));
        }
        for (int i = 0; i < choices; i++) {
            if (!oneIn(5)) {
                body.append(
                        event("\"index\":" + i + ",\"delta\":{},\"finish_reason\":\"" + any(FINISHES) + "\"", choices));
            }
        }
        if (oneIn(3)) {
            body.append("data: {\"choices\":[],").append(any(EXTRAS)).append("}\n\n");
        }
        if (oneIn(8)) {
            body.append(any(ODD));
        }
        if (!oneIn(4)) {
            body.append("data: [DONE]\n\n");
        }
        if (oneIn(8)) {
            body.append(event(choice(any(DELTAS), "delta"), choices));
        }
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return oneIn(6) ? damaged(bytes) : bytes;
    }

    /** The bytes of a whole answer. */
    public byte[] answer() {
        List<String> members = new ArrayList<>(List.of("\"id\":\"c1\"", "\"model\":\"m\"", "\"created\":5"));
        List<String> choices = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            choices.add("{" + choice(any(DELTAS), "message") + "}");
        }
        members.add("\"choices\":" + (oneIn(12) ? any(List.of("null", "[]", "[null]", "7", "[{}]")) : choices));
        if (oneIn(2)) {
            members.add(any(EXTRAS));
        }
        if (oneIn(15)) {
            members.add(any(
                    List.of("\"error\":{\"message\":\"m\",\"code\":429}", "\"object\":\"error\"", "\"error\":\"\"")));
        }
        if (oneIn(15)) {
            members.removeIf(member -> member.startsWith("\"choices\""));
        }
        byte[] bytes = ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
        return oneIn(6) ? damaged(bytes) : bytes;
    }

    private String choice(String message, String name) {
        List<String> members = new ArrayList<>();
        members.add("\"" + name + "\":{" + message + (oneIn(4) ? "," + any(DELTAS) : "") + "}");
        if (oneIn(2)) {
            members.add("\"finish_reason\":" + (oneIn(3) ? "\"" + any(FINISHES) + "\"" : "null"));
        }
        if (oneIn(10)) {
            members.add("\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}");
        }
        if (oneIn(10)) {
            members.add("\"logprobs\":{\"content\":[]}");
        }
        return String.join(",", members);
    }

    private String event(String choice, int choices) {
        String index = choice.contains("\"index\":") || oneIn(3) ? "" : "\"index\":" + random.nextInt(choices) + ",";
        return "data: {" + (oneIn(3) ? "" : "\"id\":\"c1\",\"created\":5,\"model\":\"m\",") + "\"choices\":[{" + index
                + choice + "}]" + (oneIn(6) ? "," + any(EXTRAS) : "") + "}\n\n";
    }

    /** Damage inside of a name would make another member of it: DialectFuzzTest has that. */
    private byte[] damaged(byte[] bytes) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }
}
