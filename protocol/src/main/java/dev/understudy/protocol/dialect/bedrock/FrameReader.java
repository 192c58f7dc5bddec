package dev.understudy.protocol.dialect.bedrock;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.SingleAnswerReader;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads a stream of ConverseStream.
 *
 * <p>Text and reasoning begin with their first delta; only tool calls have a start event. Two frames end the stream,
 * {@code messageStop} and {@code metadata} with the usage. Amazon promises no order of the two, so the stream is
 * complete when both have arrived.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html">ConverseStream</a>
 */
final class FrameReader extends SingleAnswerReader {
    private static final int DEEPEST = 512;

    private static final NameTable BLOCK = NameTable.of("contentBlockIndex", "start", "delta");
    private static final NameTable START = NameTable.of("toolUse", "toolResult");
    private static final NameTable TOOL = NameTable.of("toolUseId", "name", "type", "input");
    private static final NameTable DELTA = NameTable.of("text", "toolUse", "reasoningContent", "citation");
    private static final NameTable REASONING = NameTable.of("text", "signature", "redactedContent");
    private static final NameTable STOP = NameTable.of("stopReason", "additionalModelResponseFields");
    private static final NameTable EXTRA = NameTable.of("delta", "stop_sequence");
    private static final NameTable METADATA = NameTable.of("usage");

    private final JsonWalk walk = new JsonWalk(DEEPEST);
    private final OpenBlocks blocks = new OpenBlocks();
    private boolean begun;
    private boolean ended;
    private boolean counted;

    // The current frame; its members may come in any order.
    private int index;
    private String text = "";
    private String input = "";
    private String reasoningText = "";
    private String signature = "";
    private String hidden = "";
    private String citation = "";
    private String toolId = "";
    private String toolName = "";
    private String toolType = "";
    private boolean tool;
    private boolean reasoning;
    private String stopReason = "";
    private String stopSequence = "";
    private Tokens tokens = Tokens.NONE;

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        if (frame.exception()) {
            to.accept(new StreamEvent.Failed(
                    Classifier.inBand(frame.name(), frame.array(), frame.offset(), frame.length())));
            return true;
        }
        try {
            walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
            forget();
            return walk.token() == Token.START_OBJECT && event(frame.name(), to);
        } catch (MalformedJson notJson) {
            return false;
        } finally {
            walk.release();
        }
    }

    private void forget() {
        index = 0;
        text = "";
        input = "";
        reasoningText = "";
        signature = "";
        hidden = "";
        citation = "";
        toolId = "";
        toolName = "";
        toolType = "";
        tool = false;
        reasoning = false;
    }

    private boolean event(String name, Consumer<StreamEvent> to) throws MalformedJson {
        switch (name) {
            case "messageStart" -> {
                walk.object(BLOCK, nothing -> {});
                if (failsIfBegunAgain()) {
                    to.accept(beganAgain());
                    return true;
                }
                begin(to);
            }
            case "contentBlockStart" -> {
                block();
                if (tool && whole()) {
                    boolean begunBefore = begun;
                    begin(to);
                    blocks.toolBegan(begunBefore, index, toolId, toolName, toolType, to);
                }
            }
            case "contentBlockDelta" -> {
                block();
                return whole() && delta(to);
            }
            case "contentBlockStop" -> {
                block();
                if (whole()) {
                    reasoning = blocks.isReasoning(index);
                    blocks.stopped(index, to);
                }
            }
            case "messageStop" -> {
                messageStop();
                if (whole()) {
                    blocks.closeAll(to);
                    Finish finish = FinishReasons.read(stopReason, stopSequence);
                    ended = true;
                    to.accept(new StreamEvent.Ended(0, finish));
                    doneIfComplete(to);
                }
            }
            case "metadata" -> {
                walk.object(METADATA, usage -> tokens = usage.isEmpty() ? tokens : UsageReader.read(walk));
                if (whole()) {
                    counted = true;
                    to.accept(new StreamEvent.Counted(tokens));
                    doneIfComplete(to);
                }
            }
            default -> walk.json();
        }
        return whole();
    }

    private boolean whole() {
        return walk.isAtEnd();
    }

    private void begin(Consumer<StreamEvent> to) {
        if (!begun) {
            begun = true;
            to.accept(new StreamEvent.Begin("", "", OptionalLong.empty()));
        }
    }

    private void doneIfComplete(Consumer<StreamEvent> to) {
        if (ended && counted) {
            to.accept(new StreamEvent.Done());
        }
    }

    private void block() throws MalformedJson {
        walk.object(BLOCK, name -> {
            switch (name) {
                case "contentBlockIndex" -> index = Math.clamp(walk.whole(0), 0, Integer.MAX_VALUE - 1);
                case "start" ->
                    walk.object(START, start -> {
                        switch (start) {
                            case "toolUse" -> {
                                tool = true;
                                tool();
                            }
                            case "toolResult" -> blocks.resultBegan();
                            default -> {}
                        }
                    });
                case "delta" -> walk.object(DELTA, this::deltaMember);
                default -> {}
            }
        });
    }

    private void deltaMember(String name) throws MalformedJson {
        switch (name) {
            case "text" -> text = walk.text();
            case "toolUse" -> {
                tool = true;
                tool();
            }
            case "reasoningContent" -> {
                reasoning = true;
                walk.object(REASONING, member -> {
                    switch (member) {
                        case "text" -> reasoningText = walk.text();
                        case "signature" -> signature = walk.text();
                        case "redactedContent" -> hidden = walk.text();
                        default -> {}
                    }
                });
            }
            case "citation" -> citation = walk.json();
            default -> {}
        }
    }

    private void tool() throws MalformedJson {
        walk.object(TOOL, name -> {
            switch (name) {
                case "toolUseId" -> toolId = walk.text();
                case "name" -> toolName = walk.text();
                case "type" -> toolType = walk.text();
                case "input" -> input = walk.text();
                default -> {}
            }
        });
    }

    private boolean delta(Consumer<StreamEvent> to) throws MalformedJson {
        begin(to);
        if (tool) {
            return blocks.input(index, input, to);
        }
        blocks.text(index, reasoning, to);
        if (!text.isEmpty()) {
            to.accept(StreamEvent.TextDelta.of(0, text));
        }
        if (!reasoningText.isEmpty()) {
            to.accept(new StreamEvent.ReasoningDelta(0, reasoningText, BedrockDialect.NAME));
        }
        blocks.sealed(signature, hidden);
        if (citation.startsWith("{")) {
            blocks.cited(AnswerReader.Citations.read(citation, -1));
        }
        return true;
    }

    private void messageStop() throws MalformedJson {
        walk.object(STOP, name -> {
            switch (name) {
                case "stopReason" -> stopReason = walk.text();
                case "additionalModelResponseFields" -> walk.object(EXTRA, this::stopSequence);
                default -> {}
            }
        });
    }

    /** Claude reports the stop sequence at {@code /delta/stop_sequence}, if the request asks for that path. */
    private void stopSequence(String name) throws MalformedJson {
        switch (name) {
            case "delta" -> walk.object(EXTRA, this::stopSequence);
            case "stop_sequence" -> stopSequence = walk.text();
            default -> {}
        }
    }

    @Override
    public StreamPosition position() {
        return blocks.position(begun);
    }

    @Override
    public boolean isClientCallOpen() {
        return blocks.isClientCallOpen();
    }

    @Override
    public boolean isProviderToolOpen() {
        return blocks.isProviderToolOpen();
    }

    @Override
    public boolean saidReasoning() {
        return reasoning;
    }
}
