package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.json.JsonText;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code logprobsResult}, and writes it as OpenAI does.
 *
 * @see <a href="https://ai.google.dev/api/generate-content#LogprobsResult">Gemini API: LogprobsResult</a>
 */
final class LogprobsWalk {
    private static final NameTable RESULT = NameTable.of("topCandidates", "chosenCandidates");
    private static final NameTable TOP = NameTable.of("candidates");
    private static final NameTable CANDIDATE = NameTable.of("token", "logProbability");

    private final JsonWalk walk;

    LogprobsWalk(JsonWalk walk) {
        this.walk = walk;
    }

    /** {@code {"content":[…],"refusal":null}}; empty if there is nothing. */
    String read() throws MalformedJson {
        List<List<String>> top = new ArrayList<>();
        List<String> chosen = new ArrayList<>();
        walk.object(RESULT, name -> {
            switch (name) {
                case "topCandidates" ->
                    walk.array(() -> {
                        List<String> alternatives = new ArrayList<>();
                        walk.object(TOP, member -> {
                            if (member.equals("candidates")) {
                                walk.array(() -> alternatives.add(candidate()));
                            }
                        });
                        top.add(alternatives);
                    });
                case "chosenCandidates" -> walk.array(() -> chosen.add(candidate()));
                default -> {}
            }
        });
        if (chosen.isEmpty()) {
            return "";
        }
        StringBuilder json = new StringBuilder("{\"content\":");
        String separator = "[";
        for (int i = 0; i < chosen.size(); i++) {
            json.append(separator).append('{').append(chosen.get(i)).append(",\"top_logprobs\":[");
            String between = "{";
            for (String alternative : i < top.size() ? top.get(i) : List.<String>of()) {
                json.append(between).append(alternative).append('}');
                between = ",{";
            }
            json.append("]}");
            separator = ",";
        }
        return json.append("],\"refusal\":null}").toString();
    }

    private String candidate() throws MalformedJson {
        // A probability of 1 is left out: zero is what ProtoJSON does not write.
        String[] read = {"", "0"};
        walk.object(CANDIDATE, name -> {
            switch (name) {
                case "token" -> read[0] = walk.text();
                case "logProbability" -> read[1] = walk.token() == Token.NUMBER ? walk.json() : "0";
                default -> {}
            }
        });
        return "\"token\":" + JsonText.quote(read[0]) + ",\"logprob\":" + read[1] + ",\"bytes\":null";
    }
}
