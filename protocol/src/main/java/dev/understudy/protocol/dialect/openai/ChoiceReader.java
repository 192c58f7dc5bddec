package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a choice of a chunk, or of a whole answer. Which choice it is may stand behind what it says, so that is told when
 * all has been read.
 */
final class ChoiceReader {
    private static final NameTable CHOICE = NameTable.of(
            "index", "delta", "message", "finish_reason", "stop_reason", "matched_stop", "logprobs", "usage", "error");

    /** More choices than any provider gives; however many a broken one counts, memory stays small. */
    private static final int HIGHEST_INDEX = 1_023;

    private final JsonWalk walk;
    private final DeltaReader delta;
    private final BitSet called = new BitSet();
    private final BitSet ended = new BitSet();

    /** The choices whose last content was a piece of a tool call. */
    private final BitSet openCalls = new BitSet();

    private int index;
    private String finish = "";
    private String stopSequence = "";
    private String logprobs = "";
    private Optional<StreamEvent> counted = Optional.empty();
    private boolean error;

    ChoiceReader(JsonWalk walk) {
        this.walk = walk;
        this.delta = new DeltaReader(walk);
    }

    /**
     * Reads the choice that the walk stands on.
     *
     * @param position among the choices, which is its index if it does not say another
     */
    void read(int position, Consumer<StreamEvent> to) throws MalformedJson {
        index = Math.min(position, HIGHEST_INDEX);
        finish = "";
        stopSequence = "";
        logprobs = "";
        counted = Optional.empty();
        error = false;
        delta.clear();
        walk.object(CHOICE, this::member);
        called.set(index, called.get(index) || delta.calls());
        if (!finish.isEmpty()) {
            openCalls.clear(index);
        } else if (delta.calls()) {
            openCalls.set(index);
        } else if (delta.answers()) {
            openCalls.clear(index);
        }
        delta.tell(index, logprobs, to);
        counted.ifPresent(to);
        if (!finish.isEmpty() && !ended.get(index)) {
            ended.set(index);
            to.accept(new StreamEvent.Ended(index, FinishWord.read(finish, stopSequence, called.get(index))));
        }
    }

    /** Whether a choice is in the middle of a tool call: text that is not blank, or its finish, would have ended it. */
    boolean isCallOpen() {
        return !openCalls.isEmpty();
    }

    /** Whether the choice that was read last is an error. */
    boolean isError() {
        return error;
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "index" -> index = Math.clamp(walk.whole(index), 0, HIGHEST_INDEX);
            // A few providers send a message instead of a delta in streams too.
            case "delta", "message" -> delta.read();
            case "finish_reason" -> finish = walk.text();
            // vLLM and SGLang say which text it was.
            case "stop_reason", "matched_stop" -> stopSequence = walk.text();
            case "logprobs" -> logprobs = walk.token() == Token.START_OBJECT ? walk.json() : "";
            // Moonshot counts here.
            case "usage" -> {
                if (walk.token() == Token.START_OBJECT) {
                    counted = Optional.of(new StreamEvent.Counted(UsageMembers.read(walk)));
                }
            }
            case "error" -> error |= ChunkReader.isError(walk);
            default -> {}
        }
    }
}
