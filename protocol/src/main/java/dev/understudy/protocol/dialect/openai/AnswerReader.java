package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.dialect.NoAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.AnswerAssembly;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Tokens;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads a whole completion. */
final class AnswerReader {
    private static final NameTable ANSWER =
            NameTable.of("id", "created", "model", "choices", "usage", "error", "object", "type", "service_tier");
    private static final NameTable ERROR = NameTable.of("error");

    private final JsonWalk walk = new JsonWalk(FrameReader.DEEPEST);
    private final ChoiceReader reader = new ChoiceReader(walk);
    private final AnswerAssembly assembly = new AnswerAssembly();
    private final Map<Integer, String> logprobs = new HashMap<>();
    private String id = "";
    private String model = "";
    private String tier = "";
    private long created = -1;
    private Tokens tokens = Tokens.NONE;
    private boolean choices;
    private boolean error;

    NeutralAnswer read(byte[] array, int offset, int length) throws NoAnswer {
        try {
            walk.over(array, offset, offset + length);
            boolean object = walk.token() == Token.START_OBJECT;
            walk.object(ANSWER, this::member);
            if (!object || !walk.isAtEnd()) {
                throw NoAnswer.malformed("Something that is no JSON object where a chat completion is due");
            }
        } catch (MalformedJson broken) {
            throw NoAnswer.malformed("Cut or broken JSON where a chat completion is due");
        } finally {
            walk.release();
        }
        if (error) {
            throw new NoAnswer(Classifier.inBand(array, offset, length));
        }
        if (!choices) {
            throw NoAnswer.malformed("A JSON object that is no chat completion");
        }
        List<NeutralAnswer.Choice> all = assembly.answer().choices().stream()
                .map(choice -> new NeutralAnswer.Choice(
                        choice.index(), choice.parts(), choice.finish(), logprobs.getOrDefault(choice.index(), "")))
                .toList();
        return new NeutralAnswer(
                id, model, created > 0 ? OptionalLong.of(created) : OptionalLong.empty(), all, tokens, tier);
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "id" -> id = walk.text();
            case "model" -> model = walk.text();
            case "service_tier" -> tier = walk.text();
            case "created" -> created = walk.whole(-1);
            case "choices" -> {
                choices = walk.token() == Token.START_ARRAY;
                int[] position = {0};
                walk.array(() -> {
                    int at = position[0]++;
                    reader.read(at, assembly::take);
                    logprobs.put(reader.index(), reader.logprobs());
                });
            }
            case "usage" -> tokens = UsageMembers.read(walk);
            case "error" -> error |= FrameReader.isError(walk);
            case "object", "type" -> error |= !walk.among(ERROR).isEmpty();
            default -> {}
        }
    }
}
