package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.InvalidAnswer;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.Part;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;

/** Reads one whole answer. */
final class AnswerReader {
    private static final NameTable MEMBERS =
            NameTable.of("type", "id", "model", "content", "stop_reason", "stop_sequence", "usage", "error");
    private static final NameTable CONTENT = NameTable.of("content");

    private final JsonWalk walk = new JsonWalk(Wire.DEEPEST);
    private final UsageCount usage = new UsageCount();
    private final List<Block> blocks = new ArrayList<>();
    private String type = "";
    private String id = "";
    private String model = "";
    private String stopReason = "";
    private String stopSequence = "";
    private boolean content;
    private boolean error;

    NeutralAnswer read(byte[] array, int offset, int length) throws InvalidAnswer {
        try {
            return message(array, offset, length);
        } catch (MalformedJson broken) {
            throw InvalidAnswer.malformed("Something that is no JSON object, or a broken one, where a message is due");
        } finally {
            walk.release();
        }
    }

    private NeutralAnswer message(byte[] array, int offset, int length) throws MalformedJson, InvalidAnswer {
        walk.over(array, offset, offset + length);
        walk.object(MEMBERS, this::member);
        if (!walk.isAtEnd()) {
            throw InvalidAnswer.malformed("More than one JSON value where a message is due");
        }
        if (error || type.equals("error")) {
            throw new InvalidAnswer(Classifier.inBand(array, offset, length));
        }
        if (!content) {
            throw InvalidAnswer.malformed("JSON that is no message");
        }
        NeutralAnswer.Choice choice = new NeutralAnswer.Choice(
                0, parts(array, offset, length), StopReason.finish(stopReason, stopSequence), "");
        return new NeutralAnswer(id, model, OptionalLong.empty(), List.of(choice), usage.tokens(), usage.serviceTier());
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "type" -> type = walk.text();
            case "id" -> id = walk.text();
            case "model" -> model = walk.text();
            case "content" -> {
                content = walk.token() == Token.START_ARRAY;
                blocks.clear();
                walk.array(() -> blocks.add(Block.read(walk)));
            }
            case "stop_reason" -> stopReason = walk.text();
            case "stop_sequence" -> stopSequence = walk.text();
            case "usage" -> usage.read(walk);
            case "error" -> error = !walk.isNull();
            default -> {}
        }
    }

    private List<Part> parts(byte[] array, int offset, int length) throws MalformedJson {
        BitSet foreign = new BitSet();
        for (int i = 0; i < blocks.size(); i++) {
            foreign.set(i, blocks.get(i).isForeign());
        }
        List<String> wholes = foreign.isEmpty() ? List.of() : wholes(array, offset, length, foreign);
        List<Part> parts = new ArrayList<>();
        int next = 0;
        for (Block block : blocks) {
            parts.add(block.part(block.isForeign() ? wholes.get(next++) : ""));
        }
        return parts;
    }

    /** Only who has seen a block's type knows whether all of it is needed: few answers are read twice for that. */
    private List<String> wholes(byte[] array, int offset, int length, BitSet wanted) throws MalformedJson {
        List<String> wholes = new ArrayList<>();
        walk.over(array, offset, offset + length);
        walk.object(CONTENT, name -> {
            if (!name.isEmpty()) {
                wholes.clear();
                int[] at = {0};
                walk.array(() -> {
                    if (wanted.get(at[0]++)) {
                        wholes.add(walk.json());
                    }
                });
            }
        });
        return wholes;
    }
}
