package dev.understudy.protocol.dialect.openai;

import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.AnswerFacts;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chunk of a completion, or a whole completion, which has the same members.
 *
 * <p>What it finds is told in one of two forms. Where the answer is translated, as events, which hold all contents. Where
 * its bytes are passed through, as {@link AnswerFacts}: then it runs for each token of each stream, makes no tree, and no
 * string for content, of which only the length and the blankness are looked at. Both forms come from the same single
 * pass, so that no member is known twice.
 *
 * <p>The members are read with the cursor itself as far as every chunk has them, and with the more convenient {@link
 * JsonWalk} below that.
 */
final class ChunkReader {
    /** Answers are flat but for the arguments of tools; whatever is deeper than this is an attack. */
    private static final int DEEPEST = 1_000;

    private static final NameTable MEMBERS = NameTable.of(
            "id", "created", "model", "choices", "usage", "error", "object", "type", "service_tier", "x_groq");
    private static final NameTable CHOICE = NameTable.of(
            "index", "delta", "message", "finish_reason", "stop_reason", "matched_stop", "logprobs", "usage", "error");
    private static final NameTable ERROR = NameTable.of("error");
    private static final NameTable GROQ = NameTable.of("error", "usage");

    /** More choices than any provider gives; however many a broken one counts, memory stays small. */
    private static final int HIGHEST_INDEX = 1_023;

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    private final JsonCursor cursor = walk.cursor();
    private final DeltaReader delta = new DeltaReader(walk);
    private final List<StreamEvent> said = new ArrayList<>(0);

    // Of the stream.
    private String id = "";
    private String model = "";
    private String tier = "";
    private long created = -1;
    private int choices = -1;
    private boolean choiceBegun;
    private boolean counted;
    private final BitSet called = new BitSet();
    private final BitSet ended = new BitSet();

    /** The choices whose last content was a piece of a tool call. */
    private final BitSet openCalls = new BitSet();

    // Of the chunk at hand.
    private @Nullable AnswerFacts facts;
    private boolean error;
    private @Nullable Tokens tokens;

    // Of the choice at hand, which may name its index behind its contents.
    private int index;
    private String finish = "";
    private String stopSequence = "";
    private String logprobs = "";

    /** Reads the next one, to be told as {@link #said() events}; false if it is not one whole JSON object. */
    boolean read(byte[] array, int offset, int length) {
        return read(array, offset, length, null);
    }

    /**
     * Reads the next one and tells its facts; false if it is not one whole JSON object. If that is found out late, or it is
     * an {@link #isError() error}, some facts of its choices have been told.
     */
    boolean read(byte[] array, int offset, int length, @Nullable AnswerFacts to) {
        facts = to;
        said.clear();
        error = false;
        tokens = null;
        try {
            walk.over(array, offset, offset + length);
            if (cursor.token() != Token.START_OBJECT) {
                return false;
            }
            while (cursor.next() == Token.NAME) {
                String name = cursor.string().among(MEMBERS);
                cursor.next();
                member(name);
                cursor.skipRest();
            }
            if (!cursor.isAtEnd()) {
                return false;
            }
            tellUsage();
            return true;
        } catch (MalformedJson broken) {
            // The failure says that it is broken; the offset is of no use to the caller.
            return false;
        } finally {
            facts = null;
            walk.release();
        }
    }

    private void tellUsage() {
        if (tokens == null || error) {
            return;
        }
        counted = true;
        if (facts == null) {
            said.add(new StreamEvent.Counted(tokens));
        } else {
            facts.counted(tokens);
        }
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "id" -> id = id.isEmpty() ? walk.text() : id;
            case "model" -> model = model.isEmpty() ? walk.text() : model;
            case "service_tier" -> tier = tier.isEmpty() ? walk.text() : tier;
            // Azure sends 0 before the first real chunk.
            case "created" -> created = created > 0 ? created : walk.whole(-1);
            case "choices" -> choices();
            case "usage" -> usage();
            case "error" -> error();
            case "object", "type" -> error |= !walk.among(ERROR).isEmpty();
            // Groq's own member: why it stopped early, and the tokens where it counts them nowhere else.
            case "x_groq" ->
                walk.object(GROQ, member -> {
                    switch (member) {
                        case "error" -> error();
                        case "usage" -> usage();
                        default -> {}
                    }
                });
            default -> {}
        }
    }

    /** Some providers say with every chunk that there is no error. */
    private void error() throws MalformedJson {
        error |= switch (cursor.token()) {
            case NULL, FALSE -> false;
            case STRING -> !cursor.string().isEmpty();
            default -> true;
        };
        cursor.skipRest();
    }

    private void usage() throws MalformedJson {
        if (cursor.token() == Token.START_OBJECT) {
            Tokens read = UsageReader.read(walk);
            tokens = tokens == null ? read : read.or(tokens);
        }
    }

    private void choices() throws MalformedJson {
        if (cursor.token() != Token.START_ARRAY) {
            // null, which some send with the usage, is an empty list.
            choices = walk.isNull() ? 0 : choices;
            return;
        }
        choices = 0;
        while (cursor.next() != Token.END_ARRAY) {
            if (cursor.token() == Token.START_OBJECT) {
                choice(choices++);
            } else {
                cursor.skipRest();
            }
        }
    }

    /** @param position among the choices, which is the index of a choice that names none */
    private void choice(int position) throws MalformedJson {
        index = Math.min(position, HIGHEST_INDEX);
        finish = "";
        stopSequence = "";
        logprobs = "";
        delta.clear(facts == null, facts != null && facts.keepsText());
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(CHOICE);
            cursor.next();
            choiceMember(name);
            cursor.skipRest();
        }
        if (delta.calls()) {
            called.set(index);
        }
        if (!finish.isEmpty() || ended.get(index)) {
            // What comes behind the end of a choice opens nothing.
            openCalls.clear(index);
        } else if (delta.calls()) {
            openCalls.set(index);
        } else if (delta.answers()) {
            openCalls.clear(index);
        }
        if (facts == null) {
            delta.tell(index, logprobs, said::add);
            choiceBegun |= !said.isEmpty();
        } else {
            choiceBegun |= delta.tell(index, facts);
        }
        if (!finish.isEmpty()) {
            end(FinishReasons.read(finish, stopSequence, called.get(index)));
        }
    }

    /** A choice ends once; that the provider gave up counts even if it ended before. */
    private void end(Finish reason) {
        if (ended.get(index) && reason.reason() != Finish.Reason.BREAKDOWN) {
            return;
        }
        ended.set(index);
        choiceBegun = true;
        if (facts == null) {
            said.add(new StreamEvent.Ended(index, reason));
        } else {
            facts.ended(index, reason);
        }
    }

    private void choiceMember(String name) throws MalformedJson {
        switch (name) {
            case "index" -> index = Math.clamp(walk.whole(index), 0, HIGHEST_INDEX);
            case "delta" -> delta.read(false);
            // A few providers send a message instead of a delta in streams too.
            case "message" -> delta.read(true);
            case "finish_reason" -> finish = walk.text();
            // vLLM and SGLang name the text that was found.
            case "stop_reason", "matched_stop" -> stopSequence = walk.text();
            case "logprobs" -> logprobs = facts == null && cursor.token() == Token.START_OBJECT ? walk.json() : "";
            // Moonshot counts here.
            case "usage" -> usage();
            case "error" -> error();
            default -> {}
        }
    }

    /** What the last one says, if it was read for events. */
    List<StreamEvent> said() {
        return said;
    }

    /** Whether the last one tells an error. */
    boolean isError() {
        return error;
    }

    /** Whether a choice is in the middle of a tool call: text that is not blank, or its finish, would have ended it. */
    boolean isCallOpen() {
        return !openCalls.isEmpty();
    }

    /** Whether a choice that has not ended has a call that no event has told because its name has not come. */
    boolean isNamelessCallOpen() {
        return delta.hasNamelessCall(choice -> !ended.get(choice));
    }

    /** How many choices the last one with choices has; -1 if there was none. */
    int choiceCount() {
        return choices;
    }

    /** Whether anything has come that tells of the answer. Azure's first chunk has neither an id nor choices. */
    boolean isBegun() {
        return !id.isEmpty() || choiceBegun || counted;
    }

    /** Whether a choice has content, or an end. */
    boolean isChoiceBegun() {
        return choiceBegun;
    }

    /** The first id that was given; empty if none was. */
    String id() {
        return id;
    }

    /** The first model that was named; empty if none was. */
    String model() {
        return model;
    }

    OptionalLong created() {
        return created > 0 ? OptionalLong.of(created) : OptionalLong.empty();
    }

    String tier() {
        return tier;
    }
}
