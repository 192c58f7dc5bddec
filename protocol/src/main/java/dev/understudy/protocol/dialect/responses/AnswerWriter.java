package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.RequestContext;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.neutral.NeutralAnswer;
import dev.understudy.protocol.neutral.NeutralAnswer.Choice;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.Part.Source;
import java.util.ArrayList;
import java.util.List;

/** Writes a whole response. Of several choices it has the first; there is no place for others. */
final class AnswerWriter {
    private final String id;
    private final boolean thoughtsWanted;
    private final String logprobs;
    private final List<Output> output = new ArrayList<>();
    private boolean refused;

    private AnswerWriter(String id, boolean thoughtsWanted, String logprobs) {
        this.id = id;
        this.thoughtsWanted = thoughtsWanted;
        this.logprobs = logprobs;
    }

    static byte[] write(NeutralAnswer answer, RequestContext context) {
        Echo echo = Echo.of(context.body());
        String id = Ids.response(answer.id(), context);
        ResponseWriter response =
                new ResponseWriter(echo, id, answer.model(), answer.created().orElse(context.now()));
        if (answer.choices().isEmpty()) {
            return JsonOut.bytes(json -> response.write(
                    json, new Ending("completed", ""), List.of(), answer.tokens(), answer.serviceTier()));
        }
        Choice choice = answer.choices().getFirst();
        AnswerWriter writer = new AnswerWriter(id, echo.wantsThoughts(), Logprobs.itemsOf(choice.logprobs()));
        choice.parts().forEach(writer::add);
        Ending ending = Ending.of(choice.finish(), writer.refused);
        return JsonOut.bytes(
                json -> response.write(json, ending, writer.output, answer.tokens(), answer.serviceTier()));
    }

    private void add(Part part) {
        switch (part) {
            case Part.Text text -> text(text);
            case Part.Refusal refusal -> {
                refused = true;
                message().add(true).text.append(refusal.text());
            }
            case Part.Reasoning thinking -> thinking(thinking);
            case Part.ToolCall call ->
                output.add(new Output.Call(
                        output.size(),
                        newId("fc"),
                        call.id().isEmpty() ? newId("call") : call.id(),
                        call.name(),
                        new StringBuilder(call.arguments())));
            case Part.Media media -> {
                if (media.kind() == Part.Media.Kind.IMAGE && media.source() instanceof Source.Inline image) {
                    output.add(new Output.Image(output.size(), newId("ig"), image.base64()));
                }
            }
            case Part.Foreign foreign -> {
                if (isItem(foreign)) {
                    output.add(new Output.Own(output.size(), newId("item"), foreign.json()));
                }
            }
            case Part.ToolResult result -> {
                // Nobody answers with one.
            }
            case Part.CachePoint point -> {
                // It belongs to requests.
            }
        }
    }

    /** Whether it is one of this dialect's items, and not an event of a stream. */
    static boolean isItem(Part.Foreign foreign) {
        return foreign.dialect().equals(ResponsesDialect.NAME)
                && !foreign.kind().startsWith("response.")
                && !foreign.json().isEmpty();
    }

    private void text(Part.Text text) {
        Output.Content content = message().add(false);
        content.text.append(text.text());
        text.citations().stream().filter(Citations::isWritable).forEach(content.citations::add);
        if (!logprobs.isEmpty() && isFirstText()) {
            // Which text they belong to is not said; nearly always there is one.
            content.logprobs.add(logprobs);
        }
    }

    private boolean isFirstText() {
        return output.stream()
                        .filter(Output.Message.class::isInstance)
                        .mapToLong(item -> ((Output.Message) item)
                                .content().stream()
                                        .filter(part -> !part.refusal)
                                        .count())
                        .sum()
                == 1;
    }

    private Output.Message message() {
        if (!output.isEmpty() && output.getLast() instanceof Output.Message open) {
            return open;
        }
        Output.Message message = new Output.Message(output.size(), newId("msg"));
        output.add(message);
        return message;
    }

    private void thinking(Part.Reasoning thinking) {
        boolean own = thinking.origin().equals(ResponsesDialect.NAME);
        if (own && !thinking.hidden().isEmpty()) {
            String itemId = thinking.signature().isEmpty() ? newId("rs") : thinking.signature();
            output.add(
                    new Output.Thoughts(output.size(), itemId, new StringBuilder(thinking.text()), thinking.hidden()));
        } else if (thoughtsWanted && !thinking.text().isEmpty()) {
            output.add(new Output.Thoughts(output.size(), newId("rs"), new StringBuilder(thinking.text()), ""));
        }
    }

    private String newId(String prefix) {
        return Ids.item(prefix, id, output.size());
    }
}
