package dev.understudy.protocol.chat;

import dev.understudy.protocol.answer.AnswerText;
import dev.understudy.protocol.answer.ChoiceTally;
import dev.understudy.protocol.answer.ToolArguments;
import dev.understudy.protocol.json.JsonCursor;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import java.util.BitSet;
import java.util.OptionalLong;

/**
 * Reads a chat completion, or one chunk of it, for what it is worth.
 *
 * <p>Runs for each token of each stream: one pass, no tree, and no string for content, of which only the length and the
 * blankness are looked at.
 */
final class ChatReader {
    /** Answers are flat but for the arguments of tools; whatever is deeper than this is an attack. */
    private static final int DEEPEST = 1_000;

    /** More characters may not fit an int, and number no choice. */
    private static final int LONGEST_INDEX = 9;

    private static final NameTable MEMBERS =
            NameTable.of("choices", "model", "usage", "error", "object", "type", "x_groq", "id", "created");
    private static final NameTable COUNTS = NameTable.of("prompt_tokens", "completion_tokens", "total_tokens");
    private static final NameTable CHOICE = NameTable.of("index", "finish_reason", "delta", "message", "error");
    private static final NameTable ERROR = NameTable.of("error");

    private final JsonCursor cursor = new JsonCursor(DEEPEST);
    private final AnswerText text;
    private final ChatChunk chunk;
    private final ChoiceTally tally = new ChoiceTally();
    private final ToolArguments arguments = new ToolArguments();

    /** The choices whose last content was a piece of a tool call. */
    private final BitSet openCalls = new BitSet();

    private String model = "";
    private String id = "";
    private long created = -1;

    /** For a whole completion. */
    ChatReader() {
        this(AnswerText.ignored(), false);
    }

    /**
     * For a stream.
     *
     * @param text where the text of the first choice's deltas goes
     */
    ChatReader(AnswerText text) {
        this(text, true);
    }

    private ChatReader(AnswerText text, boolean stream) {
        this.text = text;
        this.chunk = new ChatChunk(text, stream);
    }

    ChatChunk chunk() {
        return chunk;
    }

    ChoiceTally tally() {
        return tally;
    }

    /** Whether a choice is in the middle of a tool call: text that is not blank, or its finish, would have ended it. */
    boolean isCallOpen() {
        return !openCalls.isEmpty();
    }

    /** The first model named; empty if none was. */
    String model() {
        return model;
    }

    /** The arguments of the calls so far. */
    ToolArguments arguments() {
        return arguments;
    }

    /** The first id that was given; empty if none was. */
    String id() {
        return id;
    }

    /** The first time of creation that was given. */
    OptionalLong created() {
        return created < 0 ? OptionalLong.empty() : OptionalLong.of(created);
    }

    /** Reads into {@link #chunk()} and {@link #tally()}; false if the bytes are not one whole JSON object. */
    boolean read(byte[] array, int offset, int length) {
        chunk.clear();
        try {
            cursor.over(array, offset, offset + length);
            if (cursor.next() != Token.START_OBJECT) {
                return false;
            }
            while (cursor.next() == Token.NAME) {
                String name = cursor.string().among(MEMBERS);
                cursor.next();
                member(name);
            }
            return cursor.isAtEnd();
        } catch (MalformedJson notJson) {
            // What is told of it is that it is broken; where is of no use to whoever asked.
            return false;
        } finally {
            cursor.release();
        }
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "choices" -> choices();
            case "model" -> readModel();
            case "usage" -> usage();
            case "error" -> error();
            case "object", "type" -> {
                if (cursor.token() == Token.STRING) {
                    chunk.error |= !cursor.string().among(ERROR).isEmpty();
                } else {
                    cursor.skipRest();
                }
            }
            case "x_groq" -> extension();
            case "id" -> readId();
            case "created" -> readCreated();
            default -> cursor.skipRest();
        }
    }

    private void readModel() throws MalformedJson {
        if (model.isEmpty() && cursor.token() == Token.STRING) {
            model = cursor.string().decoded();
        } else {
            cursor.skipRest();
        }
    }

    private void readId() throws MalformedJson {
        if (id.isEmpty() && cursor.token() == Token.STRING) {
            id = cursor.string().decoded();
        } else {
            cursor.skipRest();
        }
    }

    /** Zero is what Azure says before the first real chunk. */
    private void readCreated() throws MalformedJson {
        long seconds = cursor.whole(-1);
        if (created < 0 && seconds > 0) {
            created = seconds;
        }
        cursor.skipRest();
    }

    private void error() throws MalformedJson {
        chunk.error |= switch (cursor.token()) {
            case NULL, FALSE -> false;
            case STRING -> !cursor.string().isEmpty();
            default -> true;
        };
        cursor.skipRest();
    }

    /** Groq says in its own member why it stopped a stream early. */
    private void extension() throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            cursor.skipRest();
            return;
        }
        while (cursor.next() == Token.NAME) {
            boolean error = !cursor.string().among(ERROR).isEmpty();
            cursor.next();
            if (error) {
                error();
            } else {
                cursor.skipRest();
            }
        }
    }

    private void usage() throws MalformedJson {
        if (cursor.token() != Token.START_OBJECT) {
            cursor.skipRest();
            return;
        }
        chunk.usage = true;
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(COUNTS);
            cursor.next();
            switch (name) {
                case "prompt_tokens" -> chunk.promptTokens(cursor.whole(-1));
                case "completion_tokens" -> chunk.completionTokens(cursor.whole(-1));
                case "total_tokens" -> chunk.totalTokens(cursor.whole(-1));
                default -> {}
            }
            cursor.skipRest();
        }
    }

    private void choices() throws MalformedJson {
        if (cursor.token() != Token.START_ARRAY) {
            // null, as some send it with the usage, is no choice at all.
            chunk.choices |= cursor.token() == Token.NULL;
            cursor.skipRest();
            return;
        }
        chunk.choices = true;
        int position = 0;
        while (cursor.next() != Token.END_ARRAY) {
            if (cursor.token() == Token.START_OBJECT) {
                choice(position++);
            } else {
                cursor.skipRest();
            }
        }
    }

    private void choice(int position) throws MalformedJson {
        int index = position;
        int mark = text.mark();
        boolean wordsBefore = chunk.words;
        boolean callBefore = chunk.toolCall;
        chunk.words = false;
        chunk.toolCall = false;
        String finish = "";
        while (cursor.next() == Token.NAME) {
            String name = cursor.string().among(CHOICE);
            Token token = cursor.next();
            switch (name) {
                case "index" -> {
                    if (cursor.end() - cursor.start() <= LONGEST_INDEX) {
                        index = (int) cursor.whole(index);
                    }
                    cursor.skipRest();
                }
                case "finish_reason" -> {
                    if (token == Token.STRING) {
                        finish = cursor.string().decoded();
                    }
                    cursor.skipRest();
                }
                // A few providers send a message instead of a delta in streams too.
                case "delta" -> ChatMessageReader.readDelta(cursor, chunk);
                case "message" -> ChatMessageReader.readMessage(cursor, chunk);
                case "error" -> error();
                default -> cursor.skipRest();
            }
        }
        if (index != 0) {
            text.backTo(mark);
        }
        tally.seen(index);
        calls(index);
        int counted = ChoiceTally.counted(index);
        if (!finish.isEmpty()) {
            tally.finished(index, finish);
            openCalls.clear(counted);
        } else if (chunk.toolCall) {
            openCalls.set(counted);
        } else if (chunk.words) {
            openCalls.clear(counted);
        }
        chunk.words |= wordsBefore;
        chunk.toolCall |= callBefore;
    }

    /** Which choice they belong to may stand behind them. */
    private void calls(int index) {
        for (ChatChunk.CallPiece piece : chunk.calls) {
            if (piece.whole()) {
                arguments.whole(index);
            } else {
                arguments.more(index, piece.index(), piece.id(), piece.name(), piece.arguments());
            }
        }
        chunk.calls.clear();
    }
}
