package dev.understudy.protocol.neutral;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Assembles the events of a stream into an answer. Not thread-safe. */
public final class AnswerAssembly {
    private final TreeMap<Integer, ChoiceParts> choices = new TreeMap<>();
    private String id = "";
    private String model = "";
    private OptionalLong created = OptionalLong.empty();
    private Tokens tokens = Tokens.NONE;

    /** Adds the next event. */
    public void take(StreamEvent event) {
        switch (event) {
            case StreamEvent.Begin begin -> {
                id = id.isEmpty() ? begin.id() : id;
                model = model.isEmpty() ? begin.model() : model;
                created = created.isPresent() ? created : begin.created();
            }
            case StreamEvent.TextDelta delta -> choice(delta.choice()).text(delta.text());
            case StreamEvent.RefusalDelta delta -> choice(delta.choice()).refusal(delta.text());
            case StreamEvent.ReasoningDelta delta -> choice(delta.choice()).reasoning(delta.text(), delta.origin());
            case StreamEvent.ReasoningSealed seal -> choice(seal.choice()).sealed(seal);
            case StreamEvent.ToolCallBegan call -> choice(call.choice()).call(call);
            case StreamEvent.ToolCallDelta delta -> choice(delta.choice()).arguments(delta.call(), delta.json());
            case StreamEvent.MediaCame came -> choice(came.choice()).add(came.media());
            case StreamEvent.Cited cited -> choice(cited.choice()).cited(cited.citation());
            case StreamEvent.ForeignCame came -> choice(came.choice()).add(came.foreign());
            case StreamEvent.Ended ended -> choice(ended.choice()).finish = ended.finish();
            case StreamEvent.Counted counted -> tokens = counted.tokens().or(tokens);
            case StreamEvent.Failed failed -> {}
            case StreamEvent.Ping ping -> {}
            case StreamEvent.Done done -> {}
        }
    }

    private ChoiceParts choice(int index) {
        return choices.computeIfAbsent(index, first -> new ChoiceParts());
    }

    /** The answer so far. */
    public NeutralAnswer answer() {
        List<NeutralAnswer.Choice> all = new ArrayList<>();
        choices.forEach((index, parts) -> all.add(new NeutralAnswer.Choice(index, parts.parts(), parts.finish, "")));
        return new NeutralAnswer(id, model, created, all, tokens, "");
    }

    /** The content of one choice. */
    private static final class ChoiceParts {
        private final List<Part> done = new ArrayList<>();
        private final Map<Integer, CallParts> calls = new TreeMap<>();
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder refusal = new StringBuilder();
        private final StringBuilder reasoning = new StringBuilder();
        private final List<Part.Citation> citations = new ArrayList<>();
        private String origin = "";
        private Finish finish = Finish.of(Finish.Reason.OTHER, "");

        /** @param place how many other parts precede it */
        private record CallParts(StreamEvent.ToolCallBegan began, int place, StringBuilder arguments) {
            Part.ToolCall whole() {
                return new Part.ToolCall(began.id(), began.name(), arguments.toString(), began.signature());
            }
        }

        void text(String more) {
            closeReasoning();
            text.append(more);
        }

        void refusal(String more) {
            closeText();
            refusal.append(more);
        }

        void reasoning(String more, String whose) {
            closeText();
            origin = whose;
            reasoning.append(more);
        }

        void sealed(StreamEvent.ReasoningSealed seal) {
            closeText();
            origin = seal.origin();
            done.add(new Part.Reasoning(reasoning.toString(), seal.signature(), seal.hidden(), origin));
            reasoning.setLength(0);
        }

        void call(StreamEvent.ToolCallBegan began) {
            closeText();
            closeReasoning();
            calls.putIfAbsent(began.call(), new CallParts(began, done.size(), new StringBuilder()));
        }

        void arguments(int call, String json) {
            CallParts open = calls.get(call);
            if (open != null) {
                open.arguments().append(json);
            }
        }

        void cited(Part.Citation citation) {
            citations.add(citation);
        }

        void add(Part part) {
            closeText();
            closeReasoning();
            done.add(part);
        }

        private void closeText() {
            if (!text.isEmpty() || !citations.isEmpty()) {
                done.add(new Part.Text(text.toString(), citations));
                text.setLength(0);
                citations.clear();
            }
        }

        private void closeReasoning() {
            if (!reasoning.isEmpty()) {
                done.add(new Part.Reasoning(reasoning.toString(), "", "", origin));
                reasoning.setLength(0);
            }
        }

        List<Part> parts() {
            closeReasoning();
            closeText();
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < done.size(); i++) {
                addCalls(i, parts);
                parts.add(done.get(i));
            }
            if (!refusal.isEmpty()) {
                parts.add(new Part.Refusal(refusal.toString()));
            }
            addCalls(done.size(), parts);
            return parts;
        }

        /** Claude refuses reasoning that stands elsewhere among its calls than where it was. */
        private void addCalls(int place, List<Part> parts) {
            for (CallParts call : calls.values()) {
                if (call.place() == place) {
                    parts.add(call.whole());
                }
            }
        }
    }
}
