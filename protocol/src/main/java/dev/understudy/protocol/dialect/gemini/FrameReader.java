package dev.understudy.protocol.dialect.gemini;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.StreamPosition;
import dev.understudy.protocol.dialect.StreamReader;
import dev.understudy.protocol.dialect.ToolCallIds;
import dev.understudy.protocol.failure.Classifier;
import dev.understudy.protocol.json.JsonOut;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.neutral.Finish;
import dev.understudy.protocol.neutral.Part;
import dev.understudy.protocol.neutral.StreamEvent;
import dev.understudy.protocol.neutral.Tokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads chunks of {@code streamGenerateContent}. Each is a response with what is new in it, and with the usage so far.
 * Nothing in the stream marks its end, so {@link StreamEvent.Done} is never emitted here.
 */
final class FrameReader implements StreamReader {
    private final ResponseReader response = new ResponseReader();
    private final Map<Integer, ChoiceReader> choices = new HashMap<>();

    /** In how many candidates a call is open. It is needed after each frame, so it is counted and not searched. */
    private int openCalls;

    private boolean begun;
    private String id = "";
    private OptionalLong created = OptionalLong.empty();
    private Tokens counted = Tokens.NONE;

    @Override
    public boolean read(Frame frame, Consumer<StreamEvent> to) {
        if (isMark(frame)) {
            return true;
        }
        try {
            response.read(frame.array(), frame.offset(), frame.length());
        } catch (MalformedJson broken) {
            return false;
        }
        if (response.isError || frame.exception()) {
            to.accept(new StreamEvent.Failed(Classifier.inBand(frame.array(), frame.offset(), frame.length())));
            return true;
        }
        if (!response.isResponse) {
            return isObject(frame);
        }
        emit(to);
        return true;
    }

    private void emit(Consumer<StreamEvent> to) {
        if (!begun) {
            begun = true;
            id = response.id;
            created = response.created;
            to.accept(new StreamEvent.Begin(id, response.model, created));
        }
        for (CandidateReader.Candidate candidate : response.candidates) {
            ChoiceReader choice = choice(candidate.index);
            boolean wasOpen = choice.isCallOpen();
            choice.emit(candidate, to);
            openCalls += (choice.isCallOpen() ? 1 : 0) - (wasOpen ? 1 : 0);
        }
        if (!response.blockReason.isEmpty() && response.candidates.isEmpty()) {
            choice(0).blocked(response.blockReason, to);
        }
        Tokens now = response.tokens.or(counted);
        if (!now.equals(counted)) {
            counted = now;
            to.accept(new StreamEvent.Counted(now));
        }
    }

    private ChoiceReader choice(int index) {
        return choices.computeIfAbsent(index, first -> new ChoiceReader(index, id));
    }

    /** An empty frame, or the end mark of proxies that assume an OpenAI stream. */
    private static boolean isMark(Frame frame) {
        String mark = "[DONE]";
        if (frame.length() != mark.length()) {
            return frame.length() == 0;
        }
        for (int i = 0; i < mark.length(); i++) {
            if (frame.array()[frame.offset() + i] != mark.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isObject(Frame frame) {
        int at = frame.offset();
        int end = frame.offset() + frame.length();
        while (at < end && frame.array()[at] <= ' ' && frame.array()[at] >= 0) {
            at++;
        }
        return at < end && frame.array()[at] == '{';
    }

    @Override
    public StreamPosition position() {
        return StreamPosition.of(begun, id, created);
    }

    @Override
    public boolean isClientCallOpen() {
        return openCalls > 0;
    }

    @Override
    public boolean isProviderToolOpen() {
        for (ChoiceReader choice : choices.values()) {
            if (choice.isCodeRunning()) {
                return true;
            }
        }
        return false;
    }

    /** One candidate of a stream, across its chunks. */
    static final class ChoiceReader {
        private final int index;
        private final String answer;
        private int calls;
        private Optional<ArgumentsText> open = Optional.empty();
        private boolean reasoningOpen;
        private boolean ended;

        /** Google runs code of the model whose result has not arrived. */
        private boolean running;

        /** @param answer the id of the answer, for calls without an id */
        ChoiceReader(int index, String answer) {
            this.index = index;
            this.answer = answer;
        }

        void emit(CandidateReader.Candidate candidate, Consumer<StreamEvent> to) {
            String logprobs = candidate.logprobs;
            for (CandidateReader.Piece piece : candidate.pieces) {
                running = piece instanceof CandidateReader.Piece.Whole(Part.Foreign foreign)
                        && foreign.kind().equals("executableCode");
                switch (piece) {
                    case CandidateReader.Piece.Text part -> {
                        if (!part.text().isEmpty()) {
                            close(to);
                            reasoningOpen = false;
                            to.accept(new StreamEvent.TextDelta(index, part.text(), logprobs));
                            // They belong to the whole chunk and are emitted once.
                            logprobs = "";
                        }
                    }
                    case CandidateReader.Piece.Reasoning reasoning -> reasoning(reasoning, to);
                    case CandidateReader.Piece.Call call -> call(call, to);
                    case CandidateReader.Piece.Whole whole -> {
                        close(to);
                        whole(whole, to);
                    }
                }
            }
            candidate.citations.forEach(citation -> to.accept(new StreamEvent.Cited(index, citation)));
            if (FinishReasons.isFinish(candidate.finishReason) && !ended) {
                Finish finish = FinishReasons.read(candidate.finishReason, candidate.finishMessage, calls > 0);
                if (finish.reason() == Finish.Reason.LENGTH) {
                    // Arguments that were cut off must not look whole.
                    open = Optional.empty();
                }
                close(to);
                ended = true;
                running = false;
                to.accept(new StreamEvent.Ended(index, finish));
            }
        }

        /** Whether a call has begun whose arguments come in pieces. */
        boolean isCallOpen() {
            return open.isPresent();
        }

        boolean isCodeRunning() {
            return running;
        }

        void blocked(String blockReason, Consumer<StreamEvent> to) {
            if (!ended) {
                ended = true;
                to.accept(new StreamEvent.Ended(index, FinishReasons.blocked(blockReason)));
            }
        }

        private void reasoning(CandidateReader.Piece.Reasoning reasoning, Consumer<StreamEvent> to) {
            close(to);
            if (!reasoning.text().isEmpty()) {
                reasoningOpen = true;
                to.accept(new StreamEvent.ReasoningDelta(index, reasoning.text(), GeminiDialect.NAME));
            }
            if (!reasoning.signature().isEmpty() && reasoningOpen) {
                reasoningOpen = false;
                to.accept(new StreamEvent.ReasoningSealed(index, reasoning.signature(), "", GeminiDialect.NAME));
            }
        }

        private void call(CandidateReader.Piece.Call call, Consumer<StreamEvent> to) {
            if (!call.name().isEmpty()) {
                close(to);
                reasoningOpen = false;
                String id = call.id().isEmpty() ? ToolCallIds.ofAnswer(answer, index, calls) : call.id();
                to.accept(new StreamEvent.ToolCallBegan(index, calls, id, call.name(), call.signature()));
                calls++;
                if (!call.args().isEmpty()) {
                    to.accept(new StreamEvent.ToolCallDelta(index, calls - 1, call.args()));
                    return;
                }
                open = Optional.of(new ArgumentsText());
            }
            open.ifPresent(arguments -> {
                StringBuilder more = new StringBuilder();
                call.more().forEach(argument -> more.append(arguments.add(argument)));
                if (!more.isEmpty()) {
                    to.accept(new StreamEvent.ToolCallDelta(index, calls - 1, more.toString()));
                }
            });
            if (!call.willContinue()) {
                close(to);
            }
        }

        /** Completes the arguments of the open call, if there is one. */
        private void close(Consumer<StreamEvent> to) {
            open.ifPresent(arguments -> to.accept(new StreamEvent.ToolCallDelta(index, calls - 1, arguments.end())));
            open = Optional.empty();
        }

        private void whole(CandidateReader.Piece.Whole whole, Consumer<StreamEvent> to) {
            switch (whole.part()) {
                case Part.Media media -> to.accept(new StreamEvent.MediaCame(index, media));
                case Part.Foreign foreign -> to.accept(new StreamEvent.ForeignCame(index, foreign));
                default -> {}
            }
        }
    }

    /**
     * Assembles the arguments of a call that come value by value, each with its path ({@code $.steps[0].text}), into
     * the text of a JSON object as it grows. Objects and lists are opened when a value is inside them, and closed when
     * the next value is not. A string may come in several pieces under the same path.
     */
    static final class ArgumentsText {

        /** An open object or list. */
        private static final class Container {
            final String step;
            final boolean list;
            boolean hasMembers;

            Container(String step, boolean list) {
                this.step = step;
                this.list = list;
            }
        }

        private final List<Container> open = new ArrayList<>();
        private String openString = "";

        /** @return the text to append */
        String add(CandidateReader.Piece.Argument argument) {
            boolean isString = argument.json().startsWith("\"");
            String value = argument.json();
            if (isString && !openString.isEmpty() && openString.equals(argument.path())) {
                return value.substring(1, value.length() - 1);
            }
            List<String> steps = steps(argument.path());
            if (steps.isEmpty()) {
                return "";
            }
            StringBuilder text = new StringBuilder();
            closeString(text);
            navigate(steps, text);
            member(steps.getLast(), text);
            if (isString) {
                // Its end is known only when the next value arrives.
                text.append(value, 0, value.length() - 1);
                openString = argument.path();
            } else {
                text.append(value);
            }
            return text.toString();
        }

        /** @return the end of the text */
        String end() {
            StringBuilder text = new StringBuilder(open.isEmpty() ? "{}" : "");
            closeString(text);
            close(0, text);
            return text.toString();
        }

        private void closeString(StringBuilder text) {
            if (!openString.isEmpty()) {
                text.append('"');
                openString = "";
            }
        }

        private void navigate(List<String> steps, StringBuilder text) {
            if (open.isEmpty()) {
                open.add(new Container("", false));
                text.append('{');
            }
            int common = 0;
            while (common + 1 < open.size()
                    && common + 1 < steps.size()
                    && open.get(common + 1).step.equals(steps.get(common))
                    && open.get(common + 1).list == isIndex(steps.get(common + 1))) {
                common++;
            }
            close(common + 1, text);
            for (int i = common; i + 1 < steps.size(); i++) {
                member(steps.get(i), text);
                boolean list = isIndex(steps.get(i + 1));
                text.append(list ? '[' : '{');
                open.add(new Container(steps.get(i), list));
            }
        }

        private void member(String step, StringBuilder text) {
            Container container = open.getLast();
            text.append(container.hasMembers ? "," : "");
            container.hasMembers = true;
            if (!container.list) {
                text.append(JsonOut.quote(step.substring(1))).append(':');
            }
        }

        private void close(int depth, StringBuilder text) {
            while (open.size() > depth) {
                text.append(open.removeLast().list ? ']' : '}');
            }
        }

        private static boolean isIndex(String step) {
            return step.charAt(0) == '[';
        }

        /** The steps of a path: names after a dot, numbers after a bracket. */
        private static List<String> steps(String path) {
            List<String> steps = new ArrayList<>();
            int i = path.startsWith("$") ? 1 : 0;
            while (i < path.length()) {
                char c = path.charAt(i);
                if (c == '[' && i + 1 < path.length() && (path.charAt(i + 1) == '\'' || path.charAt(i + 1) == '"')) {
                    int end = path.indexOf(path.charAt(i + 1) + "]", i + 2);
                    int to = end < 0 ? path.length() : end;
                    steps.add("." + path.substring(Math.min(i + 2, to), to));
                    i = end < 0 ? to : end + 2;
                } else if (c == '[') {
                    int end = path.indexOf(']', i);
                    int to = end < 0 ? path.length() : end;
                    steps.add("[" + path.substring(i + 1, to));
                    i = end < 0 ? to : end + 1;
                } else {
                    int from = c == '.' ? i + 1 : i;
                    int to = from;
                    while (to < path.length() && path.charAt(to) != '.' && path.charAt(to) != '[') {
                        to++;
                    }
                    steps.add("." + path.substring(from, to));
                    i = Math.max(to, i + 1);
                }
            }
            // The arguments are an object, so a path that begins with an index is invalid.
            return steps.isEmpty() || isIndex(steps.getFirst()) ? List.of() : steps;
        }
    }
}
