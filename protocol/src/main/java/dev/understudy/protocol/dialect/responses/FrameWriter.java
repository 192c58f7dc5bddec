package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Stage;
import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.dialect.ResumePoint;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamWriter;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Writes a stream of events. The events at its end wait for {@link StreamEvent.Done}.
 *
 * <p>At most one message or reasoning item is open at a time. Calls stay open until the end, because their deltas may
 * alternate; each is an item with its own position.
 *
 * <p>A continuation knows of earlier items only how many there were and which one is open: it adds to an open message,
 * and ends open reasoning as incomplete. Its last event repeats the output since that item, and before it, as one
 * message, the text of the items that had ended: clients take the text of the answer from there.
 */
final class FrameWriter implements StreamWriter {
    private final RequestContext context;
    private final AnswerWriter.Echo echo;
    private final boolean reasoningWanted;
    private final EventWriter events;
    private final List<Output> output = new ArrayList<>();
    private final TreeMap<Integer, Output.Call> openCalls = new TreeMap<>();
    private Optional<Output.Message> message = Optional.empty();
    private Optional<Output.Content> content = Optional.empty();
    private Optional<Output.Reasoning> reasoning = Optional.empty();

    /** The reasoning of an attempt that failed: it is ended before anything else. */
    private Optional<Output.BrokenReasoning> broken = Optional.empty();

    private boolean begun;
    private String id;
    private String model = "";
    private OptionalLong created;
    private int items;
    private boolean refused;
    private Finish finish = Finish.of(Finish.Reason.STOP, "");
    private Tokens tokens = Tokens.NONE;

    FrameWriter(RequestContext context, Optional<ResumePoint> resumePoint) {
        StreamPosition position = resumePoint.map(ResumePoint::position).orElse(StreamPosition.START);
        this.context = context;
        this.echo = AnswerWriter.Echo.of(context.body());
        this.reasoningWanted = echo.wantsReasoning();
        this.events = new EventWriter(position.sequence());
        this.id = position.id();
        this.created = position.created();
        this.items = position.blocks();
        resumePoint.ifPresent(this::resumePoint);
    }

    private void resumePoint(ResumePoint from) {
        begun = from.position().begun();
        repeatEnded(from);
        switch (from.position().open()) {
            case OpenParts.Item item
            when item.reasoning() -> {
                Output.BrokenReasoning open = new Output.BrokenReasoning(item.index(), idOf(item, "rs"), item.parts());
                output.add(open);
                broken = Optional.of(open);
            }
            case OpenParts.Item item -> resumePoint(item, from.text());
            case OpenParts.Block none -> {
                // The next content begins a new item.
            }
        }
    }

    private void repeatEnded(ResumePoint from) {
        int open = from.position().open() instanceof OpenParts.Item item && !item.reasoning() ? lengthOf(item) : 0;
        String ended = from.text().substring(0, Math.max(0, from.text().length() - open));
        if (!ended.isEmpty()) {
            Output.Message before = new Output.Message(0, Output.ItemIds.item("msg", id, 0));
            before.add(false).text.append(ended);
            output.add(before);
        }
    }

    private static int lengthOf(OpenParts.Item item) {
        return item.parts().stream().mapToInt(OpenParts.ItemPart::length).sum();
    }

    /** The parts of the message are the end of the text. */
    private void resumePoint(OpenParts.Item item, String text) {
        Output.Message open = new Output.Message(item.index(), idOf(item, "msg"));
        output.add(open);
        message = Optional.of(open);
        int at = Math.max(0, text.length() - lengthOf(item));
        for (OpenParts.ItemPart told : item.parts()) {
            Output.Content part = open.add(false);
            int to = Math.min(text.length(), at + told.length());
            part.text.append(text, at, to);
            part.textEnded = told.stage() != Stage.OPEN;
            content = told.stage() == Stage.ENDED ? Optional.empty() : Optional.of(part);
            at = to;
        }
    }

    private String idOf(OpenParts.Item item, String prefix) {
        return item.id().isEmpty() ? Output.ItemIds.item(prefix, id, item.index()) : item.id();
    }

    @Override
    public void write(StreamEvent event, ByteArrayOutputStream to) {
        events.to(to);
        switch (event) {
            case StreamEvent.Begin begin -> begin(begin.id(), begin.model(), begin.created());
            case StreamEvent.TextDelta delta when delta.choice() == 0 -> text(delta);
            case StreamEvent.RefusalDelta delta when delta.choice() == 0 -> refusal(delta.text());
            case StreamEvent.ReasoningDelta delta when delta.choice() == 0 -> reasoning(delta);
            case StreamEvent.ReasoningSealed seal when seal.choice() == 0 -> sealed(seal);
            case StreamEvent.ToolCallBegan call when call.choice() == 0 -> call(call);
            case StreamEvent.ToolCallDelta delta when delta.choice() == 0 -> arguments(delta);
            case StreamEvent.MediaCame came when came.choice() == 0 -> media(came.media());
            case StreamEvent.Cited cited when cited.choice() == 0 -> cited(cited.citation());
            case StreamEvent.ForeignCame came when came.choice() == 0 -> foreign(came.foreign());
            case StreamEvent.Ended ended when ended.choice() == 0 -> finish = ended.finish();
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Done done -> end();
            default -> {
                // Another choice than the first, or an event that is not written.
            }
        }
    }

    private void begin(String said, String answering, OptionalLong when) {
        model = model.isEmpty() ? answering : model;
        if (begun) {
            return;
        }
        begun = true;
        id = Output.ItemIds.response(said, context);
        created = when;
        AnswerWriter.ResponseWriter response = response();
        events.response("response.created", response::writeBegun);
        events.response("response.in_progress", response::writeBegun);
    }

    private AnswerWriter.ResponseWriter response() {
        return new AnswerWriter.ResponseWriter(echo, id, model, created.orElse(context.now()));
    }

    /** The position of the next item; the response is started if it has not been. */
    private int next() {
        begin("", "", OptionalLong.empty());
        return items++;
    }

    private <T extends Output> T added(T item) {
        output.add(item);
        events.itemAdded(item);
        return item;
    }

    private String newId(String prefix, int index) {
        return Output.ItemIds.item(prefix, id, index);
    }

    private void text(StreamEvent.TextDelta delta) {
        if (delta.text().isEmpty()) {
            // An empty text opens nothing.
            return;
        }
        Output.Content part = part(false);
        String logprobs = Annotations.Logprobs.itemsOf(delta.logprobs());
        part.text.append(delta.text());
        if (!logprobs.isEmpty()) {
            part.logprobs.add(logprobs);
        }
        message.ifPresent(open -> events.text(open, part, delta.text(), logprobs));
    }

    private void refusal(String words) {
        refused = true;
        Output.Content part = part(true);
        part.text.append(words);
        message.ifPresent(open -> events.refusal(open, part, words));
    }

    /** The open part if it is of that kind, otherwise a new one. */
    private Output.Content part(boolean refusal) {
        if (content.isPresent() && content.get().refusal == refusal && !content.get().textEnded) {
            return content.get();
        }
        closePart();
        closeReasoning();
        Output.Message open = message.orElseGet(this::newMessage);
        message = Optional.of(open);
        Output.Content part = open.add(refusal);
        content = Optional.of(part);
        events.partAdded(open, part);
        return part;
    }

    private Output.Message newMessage() {
        int index = next();
        return added(new Output.Message(index, newId("msg", index)));
    }

    private void cited(Part.Citation citation) {
        if (!Annotations.isWritable(citation) || content.isEmpty() || content.get().refusal) {
            return;
        }
        Output.Content part = content.get();
        part.citations.add(citation);
        message.ifPresent(open -> events.cited(open, part, citation, part.citations.size() - 1));
    }

    private void reasoning(StreamEvent.ReasoningDelta delta) {
        if (!reasoningWanted) {
            return;
        }
        if (reasoning.isEmpty()) {
            closeReasoning();
            closeMessage("completed");
            int index = next();
            Output.Reasoning begins = added(new Output.Reasoning(index, newId("rs", index), new StringBuilder(), ""));
            events.summaryAdded(begins);
            reasoning = Optional.of(begins);
        }
        Output.Reasoning open = reasoning.get();
        open.text().append(delta.text());
        events.summary(open, delta.text());
    }

    /** OpenAI's encrypted reasoning is bound to OpenAI's item id, so an item that began under another id has none. */
    private void sealed(StreamEvent.ReasoningSealed seal) {
        boolean own =
                seal.origin().equals(ResponsesDialect.NAME) && !seal.hidden().isEmpty();
        if (reasoning.isPresent()) {
            closeReasoning();
        } else if (own) {
            closeReasoning();
            closeMessage("completed");
            int index = next();
            String name = seal.signature().isEmpty() ? newId("rs", index) : seal.signature();
            events.itemDone(added(new Output.Reasoning(index, name, new StringBuilder(), seal.hidden())), "completed");
        }
    }

    private void closeReasoning() {
        broken.ifPresent(events::brokenDone);
        broken = Optional.empty();
        reasoning.ifPresent(open -> {
            events.summaryDone(open);
            events.itemDone(open, "completed");
        });
        reasoning = Optional.empty();
    }

    private void call(StreamEvent.ToolCallBegan call) {
        closeReasoning();
        closeMessage("completed");
        if (openCalls.containsKey(call.call())) {
            return;
        }
        int index = next();
        PortableTools.CallerTool tool = echo.toolBehind(call.name());
        String callId = call.id().isEmpty() ? newId("call", index) : call.id();
        openCalls.put(
                call.call(),
                added(new Output.Call(index, newId(tool.kind().idPrefix(), index), callId, tool, new StringBuilder())));
    }

    private void arguments(StreamEvent.ToolCallDelta delta) {
        Output.Call call = openCalls.get(delta.call());
        if (call != null) {
            call.arguments().append(delta.json());
            events.arguments(call, delta.json());
        }
    }

    private void media(Part.Media media) {
        if (media.kind() == Part.Media.Kind.IMAGE && media.source() instanceof Source.Inline image) {
            closeReasoning();
            closeMessage("completed");
            int index = next();
            events.itemDone(added(new Output.Image(index, newId("ig", index), image.base64())), "completed");
        }
    }

    private void foreign(Part.Foreign foreign) {
        if (AnswerWriter.isItem(foreign)) {
            closeReasoning();
            closeMessage("completed");
            int index = next();
            events.itemDone(added(new Output.Own(index, newId("item", index), foreign.json())), "completed");
        }
    }

    private void closePart() {
        content.ifPresent(part -> message.ifPresent(open -> events.partDone(open, part)));
        content = Optional.empty();
    }

    private void closeMessage(String status) {
        closePart();
        message.ifPresent(open -> events.itemDone(open, status));
        message = Optional.empty();
    }

    private void end() {
        begin("", "", OptionalLong.empty());
        FinishReasons.Status ending = FinishReasons.Status.of(finish, refused);
        String status = AnswerWriter.ResponseWriter.itemStatus(ending);
        closeReasoning();
        closeMessage(status);
        for (Output.Call call : openCalls.values()) {
            events.argumentsDone(call);
            events.itemDone(call, call.index() == items - 1 ? status : "completed");
        }
        openCalls.clear();
        AnswerWriter.ResponseWriter response = response();
        events.response("response." + ending.status(), json -> response.write(json, ending, output, tokens, ""));
    }

    @Override
    public StreamPosition position() {
        return new StreamPosition(begun, id, created, items, open(), events.sequence());
    }

    private OpenParts open() {
        if (broken.isPresent()) {
            return broken.get().item();
        }
        if (reasoning.isPresent()) {
            return reasoning.get().item();
        }
        return message.isPresent() ? message.get().item(content.isPresent()) : OpenParts.Block.NOTHING;
    }
}
