package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Kind;
import dev.understudy.protocol.dialect.SingleAnswerReader;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of events. Items are identified by their position in the output: some proxies give an item another id
 * in each event.
 *
 * <p>The events that end an item or a part repeat it, and the last event repeats all items. Their content is emitted only if
 * no delta, or no item, has been: some servers send none.
 */
final class FrameReader extends SingleAnswerReader {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final EventReader event = new EventReader();
    private final Map<Long, EventReader.ItemState> items = new HashMap<>();
    private String id = "";
    private OptionalLong created = OptionalLong.empty();
    private int begunItems;
    private int calls;

    /** How many calls of the client's tools are open. */
    private int openCalls;

    private StreamPosition beforeCall = StreamPosition.START;
    private long sequence = -1;
    private long sequenceBefore = -1;
    private boolean reasoning;
    private boolean begun;
    private boolean over;

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        reasoning = false;
        int end = frame.offset() + frame.length();
        if (frame.length() == 0 || Arrays.equals(DONE, 0, DONE.length, frame.array(), frame.offset(), end)) {
            // OpenAI sends no such mark here, but some proxies do.
            return true;
        }
        event.readsOutput = items.isEmpty();
        if (!event.read(frame)) {
            return false;
        }
        reasoning = event.type.startsWith("response.reasoning");
        sequenceBefore = sequence;
        sequence = event.sequence >= 0 ? event.sequence : sequence + 1;
        return emit(frame, to);
    }

    private boolean emit(Frame frame, Consumer<StreamEvent> to) {
        return switch (event.type) {
            case "response.created" -> created(to);
            case "response.queued", "response.in_progress" -> begin(to);
            case "response.output_item.added" -> added(to);
            case "response.output_item.done" -> done(frame, to);
            case "response.content_part.added" -> partAdded();
            case "response.output_text.delta" -> text(event.delta, to);
            case "response.refusal.delta" -> refusal(event.delta, to);
            case "response.content_part.done", "response.reasoning_summary_part.done", "response.reasoning_part.done" ->
                partDone();
            case "response.output_text.done" -> textDone(state().wordsInPart || text(event.text, to));
            case "response.refusal.done" -> textDone(state().wordsInPart || refusal(event.refusal, to));
            case "response.output_text.annotation.added" -> cited(to);
            case "response.function_call_arguments.delta" -> arguments(event.delta, to);
            case "response.function_call_arguments.done" -> callDone(state().words || arguments(event.arguments, to));
            case "response.reasoning_summary_part.added" -> summaryPart(to);
            case "response.reasoning_summary_text.delta" -> reasoning(Kind.SUMMARY_TEXT, to);
            case "response.reasoning_text.delta" -> reasoning(Kind.REASONING_TEXT, to);
            case "response.reasoning_summary_text.done", "response.reasoning_text.done" -> textDone(true);
            case "response.completed", "response.incomplete" -> ended(frame, to);
            case "response.failed" -> failed(to);
            case "error" -> error(frame, to);
            default -> other(frame, to);
        };
    }

    private boolean created(Consumer<StreamEvent> to) {
        if (failsIfBegunAgain()) {
            to.accept(beganAgain());
            return true;
        }
        return begin(to);
    }

    private boolean begin(Consumer<StreamEvent> to) {
        if (event.response.isEmpty()) {
            return false;
        }
        ResponseReader response = event.response.get();
        if (!begun) {
            begun = true;
            id = response.id();
            created = response.created();
            to.accept(new StreamEvent.Begin(id, response.model(), created));
        }
        return true;
    }

    private EventReader.ItemState state() {
        return items.computeIfAbsent(event.output, first -> new EventReader.ItemState(first, "", ""));
    }

    private boolean added(Consumer<StreamEvent> to) {
        if (event.item.isEmpty()) {
            return false;
        }
        ResponseReader.OutputItem item = event.item.get();
        EventReader.ItemState begins = new EventReader.ItemState(event.output, item.id(), item.type());
        reasoning = begins.isReasoning();
        end(items.get(event.output));
        if (begins.isClientCall() && openCalls++ == 0) {
            beforeCall = reached(sequenceBefore);
        }
        begunItems = (int) Math.min(Integer.MAX_VALUE, Math.max(begunItems, event.output + 1));
        items.put(event.output, begins);
        if (item.isCall()) {
            call(item, to);
        }
        return true;
    }

    private void call(ResponseReader.OutputItem item, Consumer<StreamEvent> to) {
        EventReader.ItemState state = state();
        state.call = calls++;
        to.accept(new StreamEvent.ToolCallBegan(0, state.call, item.callId(), item.name(), ""));
        arguments(item.arguments(), to);
    }

    /** Ends an item. */
    private void end(EventReader.@Nullable ItemState item) {
        if (item != null && item.isOpen()) {
            item.end();
            openCalls -= item.isClientCall() ? 1 : 0;
        }
    }

    private boolean callDone(boolean readable) {
        end(state());
        return readable;
    }

    private boolean partAdded() {
        EventReader.ItemState state = state();
        state.wordsInPart = false;
        state.partBegins();
        reasoning = state.isReasoning();
        return true;
    }

    private boolean textDone(boolean readable) {
        state().textEnds();
        return readable;
    }

    private boolean partDone() {
        EventReader.ItemState state = state();
        state.partEnds();
        reasoning = state.isReasoning();
        return true;
    }

    private void saidWords() {
        EventReader.ItemState state = state();
        state.words = true;
        state.wordsInPart = true;
    }

    private boolean text(String text, Consumer<StreamEvent> to) {
        if (!text.isEmpty()) {
            saidWords();
            state().text(text);
            to.accept(new StreamEvent.TextDelta(0, text, Annotations.Logprobs.ofList(event.logprobs)));
        }
        return true;
    }

    private boolean refusal(String text, Consumer<StreamEvent> to) {
        if (!text.isEmpty()) {
            saidWords();
            to.accept(new StreamEvent.RefusalDelta(0, text));
        }
        return true;
    }

    private boolean cited(Consumer<StreamEvent> to) {
        if (!event.annotation.isEmpty()) {
            to.accept(new StreamEvent.Cited(0, Annotations.of(event.annotation)));
        }
        return true;
    }

    private boolean arguments(String json, Consumer<StreamEvent> to) {
        EventReader.ItemState state = state();
        if (state.call < 0) {
            // Arguments of a call that never began belong to no tool.
            return false;
        }
        if (!json.isEmpty()) {
            state.words = true;
            to.accept(new StreamEvent.ToolCallDelta(0, state.call, json));
        }
        return true;
    }

    /** Each part of a summary is a paragraph. */
    private boolean summaryPart(Consumer<StreamEvent> to) {
        state().summaryBegins();
        if (state().hasReasoning) {
            to.accept(new StreamEvent.ReasoningDelta(0, "\n\n", ResponsesDialect.NAME));
        }
        return true;
    }

    private boolean reasoning(Kind kind, Consumer<StreamEvent> to) {
        if (!event.delta.isEmpty()) {
            EventReader.ItemState state = state();
            state.hasReasoning = true;
            state.reasoning(kind, event.delta);
            to.accept(new StreamEvent.ReasoningDelta(0, event.delta, ResponsesDialect.NAME));
        }
        return true;
    }

    private boolean done(Frame frame, Consumer<StreamEvent> to) {
        if (event.item.isEmpty()) {
            return false;
        }
        ResponseReader.OutputItem item = event.item.get();
        if (item.isForeign()) {
            item.keep(EventReader.itemJson(frame));
        }
        return done(item, to);
    }

    private boolean done(ResponseReader.OutputItem item, Consumer<StreamEvent> to) {
        if (!items.containsKey(event.output)) {
            added(to);
        }
        EventReader.ItemState state = state();
        reasoning = item.isReasoning();
        end(state);
        if (item.isForeign()) {
            for (Part part : item.parts()) {
                to.accept(new StreamEvent.ForeignCame(0, (Part.Foreign) part));
            }
        } else if (item.isReasoning()) {
            sealed(item, state, to);
        } else if (item.isCall()) {
            return state.words || arguments(item.arguments(), to);
        } else if (!state.words) {
            item.parts().forEach(part -> whole(part, to));
        }
        return true;
    }

    private void sealed(ResponseReader.OutputItem item, EventReader.ItemState state, Consumer<StreamEvent> to) {
        for (Part part : item.parts()) {
            Part.Reasoning sealed = (Part.Reasoning) part;
            if (!state.hasReasoning && !sealed.text().isEmpty()) {
                to.accept(new StreamEvent.ReasoningDelta(0, sealed.text(), ResponsesDialect.NAME));
            }
            to.accept(new StreamEvent.ReasoningSealed(0, sealed.signature(), sealed.hidden(), ResponsesDialect.NAME));
        }
    }

    private void whole(Part part, Consumer<StreamEvent> to) {
        switch (part) {
            case Part.Text text -> {
                text(text.text(), to);
                text.citations().forEach(citation -> to.accept(new StreamEvent.Cited(0, citation)));
            }
            case Part.Refusal refusal -> refusal(refusal.text(), to);
            default -> {
                // A message has no other parts.
            }
        }
    }

    /** The last event has the items that no event has brought before. */
    private void unsent(Frame frame, List<ResponseReader.OutputItem> output, Consumer<StreamEvent> to) {
        if (output.stream().anyMatch(ResponseReader.OutputItem::isForeign)) {
            EventReader.keepForeign(frame, output);
        }
        for (int at = 0; at < output.size(); at++) {
            event.output = at;
            event.item = Optional.of(output.get(at));
            done(output.get(at), to);
        }
    }

    private boolean ended(Frame frame, Consumer<StreamEvent> to) {
        if (event.response.isEmpty()) {
            return false;
        }
        ResponseReader response = event.response.get();
        if (response.isFailed()) {
            return failed(to);
        }
        begin(to);
        if (!over) {
            over = true;
            if (items.isEmpty()) {
                unsent(frame, response.items(), to);
            }
            to.accept(new StreamEvent.Counted(response.tokens()));
            to.accept(new StreamEvent.Ended(0, ending(response).finish(calls > 0)));
            to.accept(new StreamEvent.Done());
        }
        return true;
    }

    private FinishReasons.Status ending(ResponseReader response) {
        FinishReasons.Status said = response.ending();
        return said.status().isEmpty()
                ? new FinishReasons.Status(event.type.substring("response.".length()), said.reason())
                : said;
    }

    private boolean failed(Consumer<StreamEvent> to) {
        if (event.response.isEmpty()) {
            return false;
        }
        if (!over) {
            over = true;
            to.accept(new StreamEvent.Failed(event.response.get().failure()));
        }
        return true;
    }

    /** OpenAI reports most errors twice: here, and in a {@code response.failed} that follows. */
    private boolean error(Frame frame, Consumer<StreamEvent> to) {
        if (!over) {
            over = true;
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
        }
        return true;
    }

    /** Output of custom tools and of tools that OpenAI runs counts as content; their progress does not. */
    private boolean other(Frame frame, Consumer<StreamEvent> to) {
        if (event.hasError || frame.name().equals("error")) {
            return error(frame, to);
        }
        if (event.type.startsWith("response.")
                && (event.type.endsWith(".delta") || event.type.endsWith(".partial_image"))) {
            String json = new String(frame.array(), frame.offset(), frame.length(), StandardCharsets.UTF_8);
            to.accept(new StreamEvent.ForeignCame(0, new Part.Foreign(ResponsesDialect.NAME, event.type, json)));
        }
        return true;
    }

    @Override
    public StreamPosition position() {
        return openCalls > 0 ? beforeCall : reached(sequence);
    }

    private StreamPosition reached(long at) {
        Optional<OpenParts.Item> open = items.values().stream()
                .map(EventReader.ItemState::openItem)
                .flatMap(Optional::stream)
                .max(Comparator.comparingInt(OpenParts.Item::index));
        return new StreamPosition(
                begun, id, created, begunItems, open.isPresent() ? open.get() : OpenParts.Block.NOTHING, at);
    }

    @Override
    public boolean isClientCallOpen() {
        return openCalls > 0;
    }

    @Override
    public boolean isProviderToolOpen() {
        return any(EventReader.ItemState::isProviderToolOpen);
    }

    @Override
    public boolean isForeignOpen() {
        return any(EventReader.ItemState::isForeignOpen);
    }

    private boolean any(Predicate<EventReader.ItemState> isSo) {
        for (EventReader.ItemState item : items.values()) {
            if (isSo.test(item)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean saidReasoning() {
        return reasoning;
    }
}
