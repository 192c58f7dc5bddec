package dev.understudy.protocol.dialect.anthropic;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.SingleAnswerReader;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.StreamEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads the events of a message.
 *
 * <p>Blocks follow one another; an event names its block by index. Proxies that splice two streams start the message,
 * and an index, a second time: the second start of the message is skipped, and the block continues as a new one. A tool call
 * that is open then is half a call: a stream that is translated has failed.
 *
 * <p>Where a tool calls the client's tools while it runs (programmatic tool calling), Anthropic sends whole messages in this
 * form: all blocks and the reason of the end are in the start of the message, and only its end follows.
 */
final class FrameReader extends SingleAnswerReader {
    private static final NameTable EVENT =
            NameTable.of("type", "index", "message", "content_block", "delta", "usage", "error");
    private static final NameTable MESSAGE =
            NameTable.of("id", "model", "usage", "content", "stop_reason", "stop_sequence");
    private static final NameTable DELTA = NameTable.of(
            "type",
            "text",
            "partial_json",
            "thinking",
            "signature",
            "citation",
            "content",
            "stop_reason",
            "stop_sequence");
    private static final NameTable CONTENT_BLOCK = NameTable.of("content_block");
    private static final byte[] OPENAI_END = {'[', 'D', 'O', 'N', 'E', ']'};

    private final JsonWalk walk = new JsonWalk(AnthropicDialect.MAX_DEPTH);
    private final UsageReader usage = new UsageReader();
    private final TreeMap<Integer, OpenBlock> open = new TreeMap<>();
    private final OpenBlock.Delta delta = new OpenBlock.Delta();
    private String id = "";
    private String model = "";
    private boolean begun;
    private boolean ended;

    /** The blocks, and the reason of the end, that the start of the message has; mostly none. */
    private final List<OpenBlock> early = new ArrayList<>(0);

    private String earlyReason = "";
    private String earlySequence = "";

    private int blocks;
    private int calls;

    /** How many of the open blocks are calls of the client's tools. */
    private int openCalls;

    private StreamPosition beforeCall = StreamPosition.START;

    /** How many calls of tools that Anthropic runs have no result yet. */
    private int providerTools;

    // The current event.
    private String type = "";
    private int index;
    private boolean counted;
    private boolean error;
    private boolean reasoning;
    private AnswerReader.Block block = new AnswerReader.Block();

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        if (frame.length() == 0 || isOpenAiEnd(frame)) {
            return true;
        }
        try {
            return event(frame, to);
        } catch (MalformedJson broken) {
            return false;
        } finally {
            walk.release();
        }
    }

    @Override
    public StreamPosition position() {
        return openCalls > 0 ? beforeCall : reached();
    }

    private StreamPosition reached() {
        OpenBlock last = open.get(blocks - 1);
        return new StreamPosition(
                begun, id, OptionalLong.empty(), blocks, last == null ? OpenParts.Block.NOTHING : last.kind(), -1);
    }

    @Override
    public boolean isClientCallOpen() {
        return openCalls > 0;
    }

    @Override
    public boolean isProviderToolOpen() {
        return providerTools > 0;
    }

    @Override
    public boolean isForeignOpen() {
        for (OpenBlock block : open.values()) {
            if (block.isForeign()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean saidReasoning() {
        return reasoning;
    }

    private boolean event(Frame frame, Consumer<StreamEvent> to) throws MalformedJson {
        clear();
        walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
        if (walk.token() != Token.START_OBJECT) {
            return false;
        }
        walk.object(EVENT, this::member);
        if (!walk.isAtEnd()) {
            return false;
        }
        if (error || frame.exception() || type.equals("error") || frame.name().equals("error")) {
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
            return true;
        }
        switch (type.isEmpty() ? frame.name() : type) {
            case "message_start" -> {
                if (failsIfBegunAgain()) {
                    to.accept(beganAgain());
                    return true;
                }
                begin(to);
            }
            case "content_block_start" -> blockBegins(frame, to);
            case "content_block_delta" -> {
                OpenBlock its = open.get(index);
                if (its != null) {
                    reasoning = its.isReasoning();
                    its.take(delta, to);
                }
            }
            case "content_block_stop" -> blockEnds(to);
            case "message_delta" -> messageEnds(to);
            case "message_stop" -> {
                if (!ended && !earlyReason.isEmpty()) {
                    to.accept(new StreamEvent.Ended(0, FinishReasons.finish(earlyReason, earlySequence)));
                }
                to.accept(new StreamEvent.Done());
            }
            case "ping" -> to.accept(new StreamEvent.Ping());
            default -> {
                // Anthropic may add event types at any time.
            }
        }
        return true;
    }

    private void clear() {
        type = "";
        index = 0;
        counted = false;
        error = false;
        reasoning = false;
        block = new AnswerReader.Block();
        delta.clear();
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "type" -> type = walk.text();
            case "index" -> index = (int) walk.whole(0);
            case "message" -> message();
            case "content_block" -> block = AnswerReader.Block.read(walk);
            case "delta" -> walk.object(DELTA, member -> delta.read(member, walk));
            case "usage" -> usage();
            case "error" -> error = !walk.isNull();
            default -> {}
        }
    }

    private void message() throws MalformedJson {
        walk.object(MESSAGE, name -> {
            switch (name) {
                case "id" -> id = id.isEmpty() ? walk.text() : id;
                case "model" -> model = model.isEmpty() ? walk.text() : model;
                case "usage" -> usage();
                case "content" -> walk.array(this::earlyBlock);
                case "stop_reason" -> earlyReason = earlyReason.isEmpty() ? walk.text() : earlyReason;
                case "stop_sequence" -> earlySequence = earlySequence.isEmpty() ? walk.text() : earlySequence;
                default -> {}
            }
        });
    }

    private void earlyBlock() throws MalformedJson {
        int start = walk.cursor().start();
        AnswerReader.Block whole = AnswerReader.Block.read(walk);
        // The second start of a spliced stream has nothing new.
        if (!begun) {
            early.add(OpenBlock.of(whole, calls, whole.isForeign() ? walk.since(start) : ""));
            calls += early.getLast().isCall() ? 1 : 0;
        }
    }

    private void usage() throws MalformedJson {
        counted |= walk.token() == Token.START_OBJECT;
        usage.read(walk);
    }

    private void begin(Consumer<StreamEvent> to) {
        if (!begun) {
            begun = true;
            to.accept(new StreamEvent.Begin(id, model, OptionalLong.empty()));
        }
        emitCounts(to);
        for (OpenBlock whole : early) {
            blocks++;
            whole.begin(to);
            whole.end(to);
        }
        early.clear();
    }

    private void emitCounts(Consumer<StreamEvent> to) {
        if (counted) {
            to.accept(new StreamEvent.Counted(usage.tokens()));
        }
    }

    private void blockBegins(Frame frame, Consumer<StreamEvent> to) throws MalformedJson {
        blockEnds(to);
        if (block.type.equals("tool_use") && openCalls++ == 0) {
            beforeCall = reached();
        }
        providerTools =
                block.isProviderTool() ? providerTools + 1 : block.isToolResult() ? Math.max(0, providerTools - 1) : 0;
        blocks = Math.max(blocks, index == Integer.MAX_VALUE ? index : index + 1);
        OpenBlock begins = OpenBlock.of(block, calls, block.isForeign() ? whole(frame) : "");
        if (begins.isCall()) {
            calls++;
        }
        reasoning = begins.isReasoning();
        open.put(index, begins);
        begins.begin(to);
    }

    private void blockEnds(Consumer<StreamEvent> to) {
        OpenBlock ends = open.remove(index);
        if (ends != null) {
            reasoning = ends.isReasoning();
            openCalls -= ends.isCall() ? 1 : 0;
            ends.end(to);
        }
    }

    /** Some proxies do not end the last block. */
    private void messageEnds(Consumer<StreamEvent> to) {
        if (!delta.stopReason().isEmpty()) {
            open.values().forEach(ends -> ends.end(to));
            open.clear();
            openCalls = 0;
            providerTools = 0;
            ended = true;
            to.accept(new StreamEvent.Ended(0, FinishReasons.finish(delta.stopReason(), delta.stopSequence())));
        }
        emitCounts(to);
    }

    /** The block's JSON, which is kept only if no other dialect has such a block. */
    private String whole(Frame frame) throws MalformedJson {
        String[] whole = {""};
        walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
        walk.object(CONTENT_BLOCK, name -> {
            if (!name.isEmpty()) {
                whole[0] = walk.json();
            }
        });
        return whole[0];
    }

    private static boolean isOpenAiEnd(Frame frame) {
        return Arrays.equals(
                frame.array(), frame.offset(), frame.offset() + frame.length(), OPENAI_END, 0, OPENAI_END.length);
    }
}
