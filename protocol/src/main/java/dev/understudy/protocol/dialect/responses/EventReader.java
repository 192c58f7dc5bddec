package dev.understudy.protocol.dialect.responses;

import dev.understudy.protocol.dialect.Frame;
import dev.understudy.protocol.dialect.OpenParts;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Kind;
import dev.understudy.protocol.dialect.OpenParts.ItemPart.Stage;
import dev.understudy.protocol.json.JsonWalk;
import dev.understudy.protocol.json.MalformedJson;
import dev.understudy.protocol.json.NameTable;
import dev.understudy.protocol.json.Token;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Reads the members of an event of any type: the type may come after all the others. */
final class EventReader {
    private static final NameTable MEMBERS = NameTable.of(
            "type",
            "sequence_number",
            "output_index",
            "delta",
            "text",
            "refusal",
            "arguments",
            "logprobs",
            "annotation",
            "item",
            "response",
            "error");
    private static final NameTable ITEM = NameTable.of("item");
    private static final NameTable RESPONSE = NameTable.of("response");
    private static final NameTable OUTPUT = NameTable.of("output");

    /** Types that occur for each token, which are recognized without making a string. */
    private static final NameTable FREQUENT = NameTable.of(
            "response.output_text.delta",
            "response.function_call_arguments.delta",
            "response.reasoning_summary_text.delta",
            "response.reasoning_text.delta",
            "response.refusal.delta");

    private final JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
    private boolean hasDelta;
    private boolean needsDelta;

    /** Whether the output of a response is read, as of one whose items have not been sent before. */
    boolean readsOutput = true;

    String type = "";
    long sequence = -1;
    long output;
    String delta = "";
    String text = "";
    String refusal = "";
    String arguments = "";
    String logprobs = "";
    String annotation = "";
    boolean hasError;
    Optional<ResponseReader.OutputItem> item = Optional.empty();
    Optional<ResponseReader> response = Optional.empty();

    /** @return false if the frame is no well-formed JSON object, or has no delta where its type requires one */
    boolean read(Frame frame) {
        clear();
        try {
            walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
            if (walk.token() != Token.START_OBJECT) {
                return false;
            }
            walk.object(MEMBERS, this::member);
            return walk.isAtEnd() && (hasDelta || !needsDelta);
        } catch (MalformedJson broken) {
            return false;
        } finally {
            walk.release();
        }
    }

    /** The event's item as JSON. */
    static String itemJson(Frame frame) {
        JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
        String[] json = {"{}"};
        try {
            walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
            walk.object(ITEM, name -> {
                if (!name.isEmpty()) {
                    json[0] = walk.json();
                }
            });
        } catch (MalformedJson impossible) {
            // The frame has been read before.
            return "{}";
        }
        return json[0];
    }

    /** Gives items of the response's output that only this dialect has their JSON. */
    static void keepForeign(Frame frame, List<ResponseReader.OutputItem> items) {
        JsonWalk walk = new JsonWalk(ResponsesDialect.MAX_DEPTH);
        Iterator<ResponseReader.OutputItem> next = items.iterator();
        try {
            walk.over(frame.array(), frame.offset(), frame.offset() + frame.length());
            walk.object(RESPONSE, name -> {
                if (!name.isEmpty()) {
                    walk.object(OUTPUT, member -> {
                        if (!member.isEmpty()) {
                            walk.array(() -> next.next().keep(walk.json()));
                        }
                    });
                }
            });
        } catch (MalformedJson impossible) {
            throw new IllegalStateException("The frame has been read before", impossible);
        }
    }

    private void clear() {
        hasDelta = false;
        needsDelta = false;
        type = "";
        sequence = -1;
        output = 0;
        delta = "";
        text = "";
        refusal = "";
        arguments = "";
        logprobs = "";
        annotation = "";
        hasError = false;
        item = Optional.empty();
        response = Optional.empty();
    }

    private void member(String name) throws MalformedJson {
        switch (name) {
            case "type" -> type = type();
            case "sequence_number" -> sequence = walk.whole(-1);
            case "output_index" -> output = walk.whole(0);
            case "delta" -> {
                hasDelta = walk.token() == Token.STRING;
                delta = walk.text();
            }
            case "text" -> text = walk.text();
            case "refusal" -> refusal = walk.text();
            case "arguments" -> arguments = walk.text();
            case "logprobs" -> logprobs = walk.json();
            case "annotation" -> annotation = walk.token() == Token.START_OBJECT ? walk.json() : "";
            case "item" -> {
                if (walk.token() == Token.START_OBJECT) {
                    item = Optional.of(ResponseReader.OutputItem.read(walk));
                }
            }
            case "response" -> {
                if (walk.token() == Token.START_OBJECT) {
                    response = Optional.of(readsOutput ? ResponseReader.whole(walk) : ResponseReader.frame(walk));
                }
            }
            case "error" -> hasError = !walk.isNull();
            default -> {}
        }
    }

    private String type() throws MalformedJson {
        String frequent = walk.among(FREQUENT);
        needsDelta = !frequent.isEmpty();
        return needsDelta ? frequent : walk.text();
    }

    /** What a stream has said of one output item. */
    static final class ItemState {
        private final String id;
        private final int index;
        private final List<PartState> parts = new ArrayList<>(1);
        private Type type;
        private boolean open = true;

        /** The number of the function call; -1 if it is none. */
        int call = -1;

        boolean words;
        boolean wordsInPart;
        boolean hasReasoning;

        private enum Type {
            MESSAGE,
            REASONING,
            FUNCTION_CALL,
            /** A call of another tool of the client's. */
            CLIENT_CALL,
            /** A tool that OpenAI runs. */
            PROVIDER_TOOL,
            OTHER,
            /** Its start event is missing. */
            UNKNOWN;

            private static Type of(String type) {
                return switch (type) {
                    case "message" -> MESSAGE;
                    case "reasoning" -> REASONING;
                    case "function_call" -> FUNCTION_CALL;
                    case "custom_tool_call", "computer_call", "local_shell_call", "shell_call", "apply_patch_call" ->
                        CLIENT_CALL;
                    case "web_search_call",
                            "file_search_call",
                            "code_interpreter_call",
                            "image_generation_call",
                            "mcp_call",
                            "mcp_list_tools" -> PROVIDER_TOOL;
                    case "" -> UNKNOWN;
                    default -> OTHER;
                };
            }
        }

        private static final class PartState {
            private final Kind kind;
            private final boolean announced;
            private final StringBuilder reasoning = new StringBuilder(0);
            private int length;
            private Stage stage = Stage.OPEN;

            private PartState(Kind kind, boolean announced) {
                this.kind = kind;
                this.announced = announced;
            }
        }

        /**
         * @param output the item's position in the output
         * @param type empty if its start event is missing
         */
        ItemState(long output, String id, String type) {
            this.index = Math.clamp(output, 0, Integer.MAX_VALUE - 1);
            this.id = id;
            this.type = Type.of(type);
        }

        boolean isReasoning() {
            return type == Type.REASONING;
        }

        boolean isClientCall() {
            return type == Type.FUNCTION_CALL || type == Type.CLIENT_CALL;
        }

        boolean isOpen() {
            return open;
        }

        boolean isProviderToolOpen() {
            return open && type == Type.PROVIDER_TOOL;
        }

        /** Whether it is open and of a type that only this dialect has. */
        boolean isForeignOpen() {
            return open && (type == Type.CLIENT_CALL || type == Type.PROVIDER_TOOL || type == Type.OTHER);
        }

        void end() {
            open = false;
        }

        /** A part is announced; the item's type says what it is. */
        void partBegins() {
            begin(type == Type.REASONING ? Kind.REASONING_TEXT : Kind.OUTPUT_TEXT, true);
        }

        void summaryBegins() {
            if (type == Type.UNKNOWN) {
                type = Type.REASONING;
            }
            begin(Kind.SUMMARY_TEXT, true);
        }

        private PartState begin(Kind kind, boolean announced) {
            PartState begun = new PartState(kind, announced);
            parts.add(begun);
            return begun;
        }

        /** More text of the message. */
        void text(String more) {
            if (type == Type.UNKNOWN) {
                type = Type.MESSAGE;
            }
            part(Kind.OUTPUT_TEXT).length += more.length();
        }

        /** More text of the reasoning, which is kept because the end of the item repeats it. */
        void reasoning(Kind kind, String more) {
            if (type == Type.UNKNOWN) {
                type = Type.REASONING;
            }
            PartState part = part(kind);
            part.reasoning.append(more);
            part.length += more.length();
        }

        /** The open part; some servers announce none. */
        private PartState part(Kind kind) {
            PartState last = parts.isEmpty() ? begin(kind, false) : parts.getLast();
            return last.kind == kind && last.stage == Stage.OPEN ? last : begin(kind, false);
        }

        void textEnds() {
            if (!parts.isEmpty() && parts.getLast().stage == Stage.OPEN) {
                parts.getLast().stage = Stage.TEXT_ENDED;
            }
        }

        void partEnds() {
            if (!parts.isEmpty()) {
                parts.getLast().stage = Stage.ENDED;
            }
        }

        /** What a writer needs to end or continue the item; empty if it is not open, or is not a message or reasoning. */
        Optional<OpenParts.Item> openItem() {
            if (!open || (type != Type.MESSAGE && type != Type.REASONING)) {
                return Optional.empty();
            }
            List<OpenParts.ItemPart> told = parts.stream()
                    .map(part -> new OpenParts.ItemPart(
                            part.kind,
                            part.announced,
                            part.length,
                            part.kind == Kind.OUTPUT_TEXT
                                    ? OpenParts.TextSoFar.NONE
                                    : new OpenParts.TextSoFar(part.reasoning),
                            part.stage))
                    .toList();
            return Optional.of(new OpenParts.Item(id, index, type == Type.REASONING, told));
        }

        int index() {
            return index;
        }
    }
}
